"""ML205 pip-cache-kept."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

from mllint.api import (
    DOWNLOAD_CACHES,
    INSTALLERS,
    Applicability,
    Build,
    Cleared,
    Command,
    Confidence,
    Copy,
    DownloadCache,
    Edit,
    Finding,
    Fix,
    Install,
    Instruction,
    Related,
    Rule,
    Run,
    Severity,
    Stage,
    Step,
    clears,
    head_span,
    in_force,
    knowledge,
    mounted,
    regex,
    torch_versions,
    working_folders,
)

#: The local files of a path: archives, or whatever a wildcard finds.
_FILES = regex(r"\.(whl|zip|tar\.gz)$|\*[^/]*$")
_FALSE = frozenset({"0", "false", "no", "off", "n", "f"})


#: What a fix adds; poetry has no option that does it.
_OPTIONS = {"pip": "--no-cache-dir", "uv": "--no-cache"}


class PipCacheKept(Rule):
    """pip's or poetry's download cache stays in the layer.

    ## Why is this bad?
    pip writes every file that it downloads, and every wheel that it builds, to `~/.cache/pip` as well. In an image
    nothing is ever installed a second time, so these bytes are only pulled, stored and scanned: with torch 2.5.1 it is
    906 MB for its own wheel, and more than that again for the NVIDIA wheels that it requires. poetry does the same in
    `~/.cache/pypoetry`.

    uv links the files of its cache into the environment instead of copying them, so its cache costs little: that is
    only advice, unless `UV_LINK_MODE=copy` is set.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
    RUN pip install torch==2.5.1
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    ENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility
    RUN pip install --no-cache-dir torch==2.5.1
    RUN --mount=type=cache,target=/root/.cache/pip pip install transformers==4.46.2
    USER 1000
    ```

    ## When it stays silent
    With `--no-cache-dir`, or PIP_NO_CACHE_DIR in force by ENV, ARG, `export` or the base image: every value does,
    even `0` and `off` (pip takes any valid one for "no cache"), but for an empty one. With the cache on a mount,
    removed in the same RUN, or switched off in a `pip.conf`; and for `pip download` and `pip wheel`.

    It is only advice in stages that the final image copies from (a stage that it continues is not one of them), for
    an install of nothing but pip, setuptools, wheel or another installer (uv, poetry, pipx, virtualenv), and for one of
    local wheels, whose dependencies alone are downloaded; of two of these together, and of uv's links there, nothing
    is said.

    ## Fix safety
    The fix adds `--no-cache-dir` to the pip commands of the RUN (`--no-cache` for uv). The same packages are installed.

    ## References
    - [pip, caching](https://pip.pypa.io/en/stable/topics/caching/)
    - [uv, caching](https://docs.astral.sh/uv/concepts/cache/)
    """

    id = "ML205"
    name = "pip-cache-kept"
    aliases = ("DL3042",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        off_in: set[Stage] = set()
        for stage in build.stages:
            off = stage.parent in off_in
            found: list[_Kept] = []
            for instruction in stage.body:
                off = off or _switches_off_for_all(instruction, stage)
                kept = _kept(instruction, stage) if isinstance(instruction, Run) and not off else []
                if kept and isinstance(instruction, Run):
                    found += _judge(kept, instruction, stage)
            if off:
                off_in.add(stage)
            yield from self._findings(found, stage)

    def _findings(self, found: list[_Kept], stage: Stage) -> Iterator[Finding]:
        removal = _last_removal(stage) if any(each.first.manager == "pip" for each in found) else None
        plain = [each for each in found if each.plain]
        told: dict[str, int] = {}
        for each in found:
            late = removal if removal is not None and each.late(removal, stage) else None
            finding = self.finding(
                head_span(each.first),
                _message(each, plain, stage, late.command if late is not None else None, told),
                severity=Severity.INFO if each.advice else None,
                confidence=None if stage.base is not None else Confidence.MEDIUM,
                related=(Related(late.command.span, "too late: this is another layer"),) if late is not None else (),
                fix=_fix([install for install in each.installs if install.manager == each.first.manager]),
            )
            yield finding._replace(stage=stage.label)


class _Kept(NamedTuple):
    """A RUN that keeps the caches of its install commands."""

    run: Run
    installs: list[Install]
    #: The one that matters most.
    first: Install
    advice: bool

    @property
    def plain(self) -> bool:
        """Whether ENV PIP_NO_CACHE_DIR=1 is a remedy, and worth a word."""
        return self.first.manager == "pip" and _burden(self.first) is _Burden.PACKAGES

    def late(self, removal: Step, stage: Stage) -> bool:
        """Whether pip's cache of this RUN is removed in a later one."""
        return self.first.manager == "pip" and stage.position(removal.instruction) > stage.position(self.run)


def _judge(kept: list[Install], run: Run, stage: Stage) -> list[_Kept]:
    """What to say of a RUN: nothing where a builder stage keeps a few MB, or links that cost nothing."""
    first = min(kept, key=lambda each: (_burden(each).value, each.manager == "uv"))
    linked = first.manager == "uv" and not _copies_links(first, run, stage)
    light = linked or _burden(first) is not _Burden.PACKAGES
    builder = stage in stage.build.builders
    return [] if builder and light else [_Kept(run, kept, first, light or builder)]


def _last_removal(stage: Stage) -> Step | None:
    """The last command of the stage that empties pip's cache."""
    for run in reversed(stage.runs):
        for command, cwd in reversed(tuple(working_folders(stage.script(run).commands))):
            if clears(command, DOWNLOAD_CACHES["pip"].folder, cwd=cwd) is Cleared.YES:
                return Step(run, command)
    return None


def _kept(run: Run, stage: Stage) -> list[Install]:
    """The install commands of a RUN whose cache is in the layer when the RUN ends."""
    script = stage.script(run)
    if not script.known or script.has_error or stage.managers.isdisjoint(DOWNLOAD_CACHES):
        return []
    found: dict[tuple[str, str | None], list[Install]] = {}
    for command, cwd in working_folders(script.commands):
        install = stage.install_of(command)
        if install is not None and install.subcommand.startswith("cache"):
            found = {at: [each for each in there if each.manager != install.manager] for at, there in found.items()}
        place = _place(install, run, stage) if install is not None else None
        if install is not None and place is not None:
            found.setdefault(place, []).append(install)
        for folder, home in tuple(found):
            if clears(command, folder, cwd=cwd, home=home) is not Cleared.NO:
                del found[folder, home]
    return sorted((each for there in found.values() for each in there), key=lambda each: each.command.span.start)


def _place(install: Install, run: Run, stage: Stage) -> tuple[str, str | None] | None:
    """The cache folder that an install fills in the layer, and the home folder; None when it fills none, or unknown."""
    tool = DOWNLOAD_CACHES.get(install.manager)
    if tool is None or not install.adds or install.subcommand not in tool.fills or install.options & tool.options:
        return None
    if _downloads_nothing(install) or _switched_off(tool, install, run, stage):
        return None
    folder = _folder(tool, install, run, stage)
    home = in_force("HOME", install.command, run, stage)
    home_folder = home.value if home is not None else None
    if folder is None or folder == "/dev/null" or _is_mounted(run, folder, home_folder, install.command, stage):
        return None
    return folder, home_folder


def _downloads_nothing(install: Install) -> bool:
    """Offline installs, and those of local files without their dependencies."""
    if install.options & {"--no-index", "--offline", "--only-root"}:
        return True
    local = bool(install.requirements) and all(each.kind == "path" for each in install.requirements)
    return "--no-deps" in install.options and local and not install.files


def _switched_off(tool: DownloadCache, install: Install, run: Run, stage: Stage) -> bool:
    """Whether the environment switches the cache off, or may do so.

    Since 19.0 pip takes every valid value of PIP_NO_CACHE_DIR for "no cache", false ones included, because older
    versions took only those; an empty value counts as not set. uv reads UV_NO_CACHE as a plain yes or no.
    """
    setting = in_force(tool.off, install.command, run, stage) if tool.off else None
    if setting is None:
        return False
    if setting.value is None:
        return True
    if tool.off == "UV_NO_CACHE":
        return setting.value.lower() not in (*_FALSE, "")
    return setting.value != ""


def _folder(tool: DownloadCache, install: Install, run: Run, stage: Stage) -> str | None:
    """Where the cache is; None when it is not known."""
    if "--cache-dir" in install.options:
        word = install.setting("--cache-dir")
        return word.value if word is not None else None
    for name, below in ((tool.moved, ""), ("XDG_CACHE_HOME", f"/{tool.name}")):
        setting = in_force(name, install.command, run, stage)
        if setting is not None and setting.value != "":
            return setting.value + below if setting.value is not None else None
    return tool.folder


def _is_mounted(run: Run, folder: str, home: str | None, command: Command, stage: Stage) -> bool:
    if not mounted(run, folder, home):
        return False
    if not folder.startswith("~") or home or command.wrappers or _other_user(run, stage) is None:
        return True
    targets = [mount.options.get("target") or mount.options.get("dst") or "" for mount in run.mounts]
    return any("cache" in target and not target.startswith("/root/") for target in targets)


def _other_user(run: Run, stage: Stage) -> str | None:
    """The user of a RUN when it is known not to be root: a mount below /root is not in its home."""
    user = stage.user_at(run)
    name = user.value.partition(":")[0] if user is not None else "root"
    return None if name in ("root", "0") else name


class _Burden(Enum):
    """What an install puts into the cache; the least number weighs most."""

    PACKAGES = 0
    #: Local wheels are not copied, only what they depend on is.
    DEPENDENCIES = 1
    #: An installer or two: a few MB.
    INSTALLERS = 2


#: What is kept of those that weigh little.
_LIGHT = {
    _Burden.DEPENDENCIES: (
        "what it downloads in this layer: not the local files, but the packages that they depend on"
    ),
    _Burden.INSTALLERS: "the downloaded archives in this layer: a few MB",
}


def _burden(install: Install) -> _Burden:
    named = install.requirements
    if install.files or not named:
        return _Burden.PACKAGES
    if all(each.kind == "path" and _FILES.search(each.url or "") for each in named):
        return _Burden.DEPENDENCIES
    return _Burden.INSTALLERS if all(each.name in INSTALLERS for each in named) else _Burden.PACKAGES


def _copies_links(install: Install, run: Run, stage: Stage) -> bool:
    """Whether uv copies what it would link."""
    option = install.setting("--link-mode")
    setting = in_force("UV_LINK_MODE", install.command, run, stage)
    mode = option.value if option is not None else setting.value if setting is not None else None
    return mode == "copy"


def _switches_off_for_all(instruction: Instruction, stage: Stage) -> bool:
    """`COPY pip.conf /etc/`, whatever it says; `pip config set global.no-cache-dir true`; a pip.conf by RUN."""
    if isinstance(instruction, Copy):
        return "pip.conf" in instruction.arguments.value
    if not isinstance(instruction, Run) or not stage.build.mentions("no-cache-dir", "pip.conf"):
        return False
    return any(_configures(command) for command in stage.script(instruction).commands)


def _configures(command: Command) -> bool:
    texts = [word.raw for word in command.arguments]
    if any("no-cache-dir" in text for text in texts) and "config" in texts:
        return True
    targets = [redirect.target.raw for redirect in command.redirects if redirect.target is not None]
    return any("pip.conf" in text for text in (*texts, *targets))


def _message(kept: _Kept, plain: list[_Kept], stage: Stage, late: Command | None, told: dict[str, int]) -> str:
    """What stays, how much of it where that is known, and what to write instead. `told`: text → the line it is on."""
    first, run = kept.first, kept.run
    light = _LIGHT.get(_burden(first))
    count = sum(each.manager == first.manager for each in kept.installs)
    subject = first.manager if count == 1 else f"Each of the {count} {first.manager} commands of this RUN"
    remedy = _remedy(kept, plain, stage)
    if light is not None and (first.manager != "uv" or _copies_links(first, run, stage)):
        subject, what = first.manager, f"'s cache keeps {light}"
    elif first.manager == "uv":
        what, remedy = _uv_words(first, run, stage)
    else:
        what = f" keeps what it downloads in `{DOWNLOAD_CACHES[first.manager].folder}`: {_weight(kept.installs, stage)}"
        if late is not None:
            what += f"; the removal on line {late.span.first.line} is another layer and only hides it"
        elif stage in stage.build.builders:
            what += "; it grows the build cache, not the image"
    if what in told:
        return f"{subject} keeps its cache in this layer, too (see line {told[what]}). {remedy}"
    told[what] = first.command.span.first.line
    return f"{subject}{what}. {remedy}"


def _remedy(kept: _Kept, plain: list[_Kept], stage: Stage) -> str:
    """What to write instead; `plain` holds the RUNs of the stage that one ENV would help."""
    folder = DOWNLOAD_CACHES[kept.first.manager].folder
    user = _other_user(kept.run, stage)
    if user is not None and mounted(kept.run, folder):
        return f"The cache mount below `/root` is not used, because this RUN works as `{user}`."
    if kept.first.manager == "poetry":
        return f"End the RUN with `&& rm -rf {folder}`, or mount a cache there."
    if not plain or plain[0] is not kept:
        return f"Add `{_OPTIONS[kept.first.manager]}`."
    if len(plain) > 1:
        more = f"{len(plain) - 1} more RUNs below do" if len(plain) > 2 else "one more RUN below does"
        return f"Add `--no-cache-dir`, or set `ENV PIP_NO_CACHE_DIR=1` above it: {more} the same."
    mount = "" if user is not None else ", or mount the cache: `RUN --mount=type=cache,target=/root/.cache/pip`"
    return f"Add `--no-cache-dir`{mount}."


def _uv_words(first: Install, run: Run, stage: Stage) -> tuple[str, str]:
    """What uv does to the layer, and the remedy."""
    if _copies_links(first, run, stage):
        builder = "; it grows the build cache, not the image" if stage in stage.build.builders else ""
        return (
            f" copies files out of `~/.cache/uv` (UV_LINK_MODE=copy): this layer holds every package twice{builder}",
            "Mount the cache: `RUN --mount=type=cache,target=/root/.cache/uv`, or add `--no-cache`.",
        )
    return (
        (
            " leaves its cache in `~/.cache/uv`: packages are hard links and not stored twice, but index pages and "
            "source builds stay there unused"
        ),
        "Add `--no-cache`, or mount a cache there.",
    )


def _weight(kept: list[Install], stage: Stage) -> str:
    native = stage.opening.flag("platform") is None
    versions = (
        {version for install in kept for version in torch_versions(stage.installation_of(install))} if native else set()
    )
    rows = knowledge.torch.RELEASES if versions else ()
    for row in rows:
        if row.version in versions:
            rest = "" if row.bundled else ", and the NVIDIA wheels that it requires come on top"
            return f"the archive of torch {row.version} alone is {row.wheel_mb} MB{rest}"
    if versions == {None}:
        return f"the archive of torch alone is {min(row.wheel_mb for row in rows)} MB or more"
    return "this layer holds every package a second time, as an archive"


def _fix(installs: list[Install]) -> Fix | None:
    """Adds the option behind the subcommand of each install."""
    option = _OPTIONS.get(installs[0].manager)
    if option is None:
        return None
    ends = [head_span(install) for install in installs]
    edits = tuple(Edit(span.source.span(span.end, span.end), f" {option}") for span in ends)
    return Fix(f"Add `{option}`", edits, Applicability.SAFE)
