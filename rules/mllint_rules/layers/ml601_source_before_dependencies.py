"""ML601 source-before-dependencies."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from mllint.api import (
    DOWNLOAD_CACHES,
    INSTALLERS,
    Applicability,
    CopyStep,
    Edit,
    Finding,
    Fix,
    Install,
    InstallStep,
    Instruction,
    Related,
    Rule,
    Run,
    Severity,
    Stage,
    Text,
    head_span,
    knowledge,
    made_files,
    mounted,
    regex,
    torch_versions,
)

#: Python files as commands name them.
_FILE_NAME = regex(r"[\w.-]+\.py\b")
_MODULE = regex(r"-m ([\w.-]+)")
#: Names of folders that hold a project's own code, where the build context cannot be asked.
_CODE = regex(
    r"(src|source|sources|app|apps|application|api|backend|server|service|services|worker|lib|libs|code|core|web|"
    r"training|train|inference|notebooks?|tests?|pipelines?|packages|modules?|project|scripts?|utils?)"
)
#: Folders of inputs to the build itself: nobody edits them with the code.
_INPUTS = regex(
    r"(requirements?|reqs?|deps|dependencies|docker|build|install(ers?)?|ci|patch(es)?|wheels?|certs?|configs?|etc)"
)
#: Python files that are no part of the application: they build it, or change with its releases only.
_NO_APPLICATION = regex(
    r"(setup|conftest|noxfile|_*version_*|_*about_*|package_info|__init__|sitecustomize|get-pip)\.py"
)
_WHOLE = (".", "./", "/", "*", "./*")


class _Project(NamedTuple):
    """A manager that installs a project's dependencies by its lock file."""

    #: Without one of these it builds the project itself; empty where it never does.
    options: frozenset[str]
    files: tuple[str, ...]


_PROJECTS = {
    "poetry": _Project(frozenset({"--no-root"}), ("pyproject.toml", "poetry.lock")),
    "uv": _Project(
        frozenset({"--no-install-project", "--no-install-workspace", "--no-install-local"}),
        ("pyproject.toml", "uv.lock"),
    ),
    "pipenv": _Project(frozenset(), ("Pipfile", "Pipfile.lock")),
}
_PROJECT_FILES = frozenset(file for project in _PROJECTS.values() for file in project.files)
#: Where a mount must be for a repeated install to find its downloads.
_CACHES = {
    **{name: (cache.folder,) for name, cache in DOWNLOAD_CACHES.items()},
    "pipenv": ("~/.cache/pipenv", "~/.cache/pip"),
    "apt": ("/var/cache/apt",),
    "apk": ("/var/cache/apk", "/etc/apk/cache"),
    **dict.fromkeys(("conda", "mamba", "micromamba"), ("/opt/conda/pkgs",)),
}
#: Tools of the build, pure Python: installed again in seconds.
_LIGHT = INSTALLERS | {"tomli", "toml", "hatchling", "editables", "setuptools-scm", "build", "poetry-plugin-export"}
#: Upgrades stand late on purpose: they bring the patches of the day.
_UPGRADES = frozenset({"upgrade", "dist-upgrade", "full-upgrade", "safe-upgrade", "update", "patch"})
#: Commands that run what is copied.
_BUILDING = frozenset({"make", "cmake", "cargo", "bash", "sh", "python", "python3"})
_SYSTEM = ("/usr/", "/bin/", "/sbin/", "/opt/conda/")
#: Commands that need no sources.
_HARMLESS = frozenset({"rm", "set", "echo", "export", "mkdir", "true"})


class SourceBeforeDependencies(Rule):
    """Sources are copied before an install of dependencies that does not need them.

    ## Why is this bad?
    Docker takes an instruction's layer from its cache only while everything above it is unchanged. Behind `COPY . .`
    each edit of any file, a comment or a README included, makes the next build download and install all dependencies
    again: with torch that is its wheel of 500 to 900 MB and the NVIDIA wheels behind it, minutes instead of seconds,
    for every developer and every CI run; and every push and pull moves the whole layer again.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    WORKDIR /app
    COPY . .
    RUN pip install --no-cache-dir -r requirements.txt
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    WORKDIR /app
    COPY requirements.txt .
    RUN pip install --no-cache-dir -r requirements.txt
    COPY . .
    USER 1000
    ```

    ## When it stays silent
    Where the install needs the sources (`pip install .`, `-e .`, `poetry install` without `--no-root`, `uv sync`
    without `--no-install-project`, a requirements file with local paths, packages of a copied folder), where the
    command's words are not known, for single files but Python's (and for those that a RUN above the install starts),
    for folders that hold build inputs (`requirements/`, `docker/`), and for copies from other stages. With the
    installer's cache on a mount it is only advice.

    ## Fix safety
    Only shown: the order that keeps the layer. Other instructions in between may need the sources.

    ## References
    - [Optimize cache usage in builds](https://docs.docker.com/build/cache/optimize/)
    """

    id = "ML601"
    name = "source-before-dependencies"

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        if not any(step.from_context for step in stage.copies):
            return
        known = _Known.of(stage)
        separable = [each for step in stage.installs if (each := _separable(step, known)) is not None]
        installs = _Installs(separable, stage)
        copies = [step for step in stage.copies if _code(step, installs)] if separable else []
        after = stage.position(copies[0].instruction) if copies else len(stage.body)
        found = [each for each in separable if stage.position(each.step.instruction) > after]
        if found:
            yield self._finding(copies, found, stage)

    def _finding(self, copies: list[CopyStep], found: list[_Separable], stage: Stage) -> Finding:
        first, installs = copies[0], _Installs(found, stage)
        source = _code(first, installs)[0]
        last = stage.position(found[-1].step.instruction)
        more = [step for step in copies[1:] if stage.position(step.instruction) < last]
        related = (
            *(Related(head_span(each.step.install), "runs again after every edit") for each in found[:3]),
            *(Related(step.instruction.arguments.span, "belongs below the installs, too") for step in more[:3]),
        )
        return self.finding(
            source.span,
            _message(first, source, installs),
            severity=Severity.INFO if all(each.cached for each in found) else None,
            related=related,
            fix=_fix(first, found, stage) if not more else None,
        )


class _Separable(NamedTuple):
    """An install that could come before the sources."""

    step: InstallStep
    #: The files that it reads, as written, that would be copied before it.
    files: tuple[str, ...]
    #: Its downloads are on a mount.
    cached: bool
    #: The torch release among its packages, and its wheel in 10^6 bytes.
    torch: tuple[str, int] | None


class _Installs:
    """Separable installs of a stage, for what is asked about each of its copies."""

    def __init__(self, found: list[_Separable], stage: Stage) -> None:
        self.found = found
        self.stage = stage

    @cached_property
    def start_files(self) -> bool:
        """Whether a RUN names a copied Python file before all are through: that one has to be there by then."""
        stage = self.stage
        last = max(stage.position(each.step.instruction) for each in self.found)
        early = [run for run in stage.runs if stage.position(run) <= last]
        text = " ".join(run.arguments.value + "".join(each.body.value for each in run.heredocs) for run in early)
        words = {*_FILE_NAME.findall(text), *(f"{name}.py" for name in _MODULE.findall(text))}
        sources = (value for step in stage.copies for _, value in step.sources if value is not None)
        names = (posixpath.basename(value) for value in sources if value.endswith(".py") and "*" not in value)
        return any(name in words for name in names)

    @cached_property
    def folders(self) -> dict[str, int]:
        """The folders above the files that are read and not copied by themselves: the position of the last install."""
        stage, folders = self.stage, {}
        alone = {posixpath.basename(value) for each in stage.copies for _, value in each.sources if value is not None}
        for each in self.found:
            position, workdir = stage.position(each.step.instruction), stage.workdir_at(each.step.instruction)
            for file in each.files:
                if not file.startswith("/") and posixpath.basename(file) not in alone:
                    path = posixpath.normpath(f"{workdir}/{file}")
                    while (path := path.rpartition("/")[0]) not in ("", "/"):
                        folders[path] = position
        return folders


def _code(step: CopyStep, installs: _Installs) -> list[Text]:
    """The sources of a COPY or ADD that are code: the whole context, folders of code, Python files."""
    if not step.from_context:
        return []
    return [text for text, value in step.sources if value is not None and _is_code(value, step, installs)]


def _is_code(path: str, step: CopyStep, installs: _Installs) -> bool:
    if path in _WHOLE:
        return True
    if "://" in path or path.startswith("git@"):
        return False
    bare = path.rstrip("/")
    name = posixpath.basename(bare.removesuffix("/*")).lower()
    if name.endswith(".py"):
        helper = _NO_APPLICATION.fullmatch(name) or (step.target or "").startswith("/tmp/")
        return "*" in name or not (helper or installs.start_files)
    if _INPUTS.fullmatch(name):
        return False
    context = installs.stage.build.context
    if context is not None and context.exists(bare):
        return context.is_dir(bare) and any(file.path.endswith(".py") for file in context.files_under(bare).files)
    return "." not in name and (_CODE.fullmatch(name) is not None or _holds_files(bare, step, installs))


def _holds_files(source: str, step: CopyStep, installs: _Installs) -> bool:
    """Whether a copied folder, in which an install works, brings a file that it reads: such files lie beside code.

    Not where its path names it an input to the build, and not where the file is copied by itself as well.
    """
    folder = (step.target or "").rstrip("/")
    if folder.startswith("/tmp/") or any(_INPUTS.fullmatch(part) for part in source.split("/")):
        return False
    return installs.folders.get(folder, -1) > installs.stage.position(step.instruction)


class _Known(NamedTuple):
    """What the installs of a stage are judged by."""

    stage: Stage
    #: RUN instructions (by identity) that install the project itself.
    building: frozenset[int]
    #: Commands (by identity) that install what a cloned repository lists.
    cloned: frozenset[int]
    #: The names of files that commands make.
    made: frozenset[str]
    #: File → whether it stands alone; filled on the way.
    files: dict[str, bool]

    @classmethod
    def of(cls, stage: Stage) -> _Known:
        building = frozenset(id(step.instruction) for step in stage.installs if step.install.sources)
        cloned = frozenset(id(command) for clone in stage.clones for command in clone.uses)
        return cls(stage, building, cloned, made_files(stage), {})

    def stands_alone(self, file: str) -> bool:
        """Whether a file is one of the context's that names no local paths, as far as it can be read."""
        if file not in self.files:
            elsewhere = "://" in file or file in _PROJECT_FILES or not file.startswith(("/dev/", "/tmp/"))
            self.files[file] = elsewhere and posixpath.basename(file) not in self.made
        return self.files[file]


def _separable(step: InstallStep, known: _Known) -> _Separable | None:
    """What could be installed before the sources; None when it needs them, or may."""
    install = step.install
    if install.incomplete or install.command.conditional or install.sources or install.ecosystem == "npm":
        return None
    if id(install.command) in known.cloned or (install.ecosystem == "system" and install.subcommand in _UPGRADES):
        return None
    files = _files(install)
    if files is None or not (files or (_is_expensive(install) and id(step.instruction) not in known.building)):
        return None
    folders = [each.value for each in install.indexes if each.kind == "find-links"]
    if any(value is None or "://" not in value for value in folders):
        return None
    if not all(known.stands_alone(file) for file in files) or _lists_folders(install, known.stage):
        return None
    cached = any(mounted(step.instruction, folder) for folder in _CACHES.get(install.manager, ()))
    return _Separable(step, files, cached, _torch(install, known.stage))


def _files(install: Install) -> tuple[str, ...] | None:
    """The files that an install reads; None when it needs more than files that can be copied alone."""
    project = _PROJECTS.get(install.manager)
    if project is not None and install.subcommand in ("install", "sync") and not install.requirements:
        return project.files if not project.options or install.options & project.options else None
    words = (*install.files, *install.constraints)
    if any(word.value is None for word in words):
        return None
    return tuple(word.value for word in words if word.value is not None)


def _is_expensive(install: Install) -> bool:
    """Named packages that are downloaded: not the build's own tools alone."""
    names = {each.name for each in install.requirements}
    return bool(names) and not names <= _LIGHT


def _lists_folders(install: Install, stage: Stage) -> bool:
    """Whether a file that the command names asks for a folder of the build, such as `-e .`."""
    installation = stage.installation_of(install)
    named = [use.manifest for use in installation.manifests if use.word is not None] if installation is not None else []
    return any(each.kind == "path" for manifest in named for each in manifest.requirements)


def _torch(install: Install, stage: Stage) -> tuple[str, int] | None:
    versions = torch_versions(stage.installation_of(install))
    rows = knowledge.torch.RELEASES if versions - {None} else ()
    return next(((row.version, row.wheel_mb) for row in rows if row.version in versions), None)


def _copied_alone(installs: _Installs) -> bool:
    """Whether the stage copies each file that the installs read by an instruction of its own."""
    stage = installs.stage
    single: dict[str, int] = {}
    for step in stage.copies:
        if not _code(step, installs):
            for name in (*(value for _, value in step.sources), step.target):
                single.setdefault(posixpath.basename(name or ""), stage.position(step.instruction))
    return all(
        single.get(posixpath.basename(file), len(stage.body)) < stage.position(each.step.instruction)
        for each in installs.found
        for file in each.files
    )


def _builds(run: Instruction, stage: Stage) -> bool:
    """Whether a RUN runs what may have been copied, or installs the project."""
    for command in stage.script(run).commands:
        install = stage.install_of(command)
        program = command.words[0].raw if command.words else ""
        if install is not None:
            if install.sources:
                return True
        elif ("/" in program and not program.startswith(_SYSTEM)) or (command.name in _BUILDING and not command.python):
            return True
    return False


def _order(first: CopyStep, files: list[str], installs: _Installs) -> str:
    """What to do, so that nothing that needs the sources comes before them."""
    found, stage = installs.found, installs.stage
    runs = {id(each.step.instruction) for each in found}
    them, their, read = ("them", "their", "they read") if len(found) > 1 else ("it", "its", "it reads")
    if files and not _copied_alone(installs):
        return f"Copy {', '.join(f'`{name}`' for name in files[:3])} alone, install, and then copy the rest"
    if any(_builds(each.step.instruction, stage) for each in found):
        return f"Give {them} a RUN of {their} own above this COPY"
    last = found[-1].step.instruction
    between = stage.body[stage.position(first.instruction) : stage.position(last)]
    if any(isinstance(each, Run) and id(each) not in runs and _builds(each, stage) for each in between):
        return f"Move {them} above this COPY" + (f", with the files that {read}" if files else "")
    return f"Move this {first.instruction.keyword} below {them}"


def _as_copied(file: str) -> str:
    """How the context is likely to call a file."""
    return posixpath.normpath(file) if not file.startswith(("/", "~", "..")) else posixpath.basename(file)


def _message(first: CopyStep, source: Text, installs: _Installs) -> str:
    found = installs.found
    main = max(
        found,
        key=lambda each: (each.torch is not None, bool(each.files), each.step.install.ecosystem in ("python", "conda")),
    )
    weight = f" (torch {main.torch[0]} alone is {main.torch[1]} MB)" if main.torch is not None else ""
    files = list(dict.fromkeys(_as_copied(file) for each in found for file in each.files))
    edited = "of a copied file" if first.whole_context else f"in `{source.value}`"
    again = f"`{_command(main.step.install)}`{weight}{_others(found, main)} again"
    needless = f"though {'they need' if len(found) > 1 else 'it needs'} none of the sources"
    return f"Each edit {edited} makes the next build run {again}, {needless}. {_order(first, files, installs)}."


def _others(found: list[_Separable], main: _Separable) -> str:
    """The installs beside the one that leads, the first two of them by name."""
    names = list(dict.fromkeys(f"`{_command(each.step.install)}`" for each in found))
    names.remove(f"`{_command(main.step.install)}`")
    parts = names if len(names) < 4 else [*names[:2], f"{len(names) - 2} more"]
    return "".join((*(f", {each}" for each in parts[:-1]), *(f" and {each}" for each in parts[-1:])))


def _command(install: Install) -> str:
    """`pip install -r requirements.txt`, `pip install torch …`; without the file where it stands far off."""
    head = head_span(install)
    if install.files:
        whole = head.to(install.files[0].span).text
        if len(whole) <= 60 and "\n" not in whole:
            return whole
        name = install.files[0].value or ""
        if len(name) <= 40:
            return f"{' '.join(head.text.split())} … -r {name}" if install.ecosystem == "python" else head.text
    first, *more = [each.label for each in install.requirements] or [""]
    return " ".join([*head.text.replace("\\\n", " ").split(), *filter(None, (first, "…" if more else ""))])


def _fix(copy: CopyStep, found: list[_Separable], stage: Stage) -> Fix | None:
    """The order to use, where nothing between the copy and the installs can need the sources."""
    instruction = copy.instruction
    last = found[-1].step.instruction
    between = stage.body[stage.position(instruction) + 1 : stage.position(last) + 1]
    runs = {id(each.step.instruction) for each in found}
    names = list(dict.fromkeys(file for each in found for file in each.files))
    target = instruction.target
    if target is None or len(instruction.sources) != 1 or any("/" in name for name in names):
        return None
    if not all(_is_neutral(each, runs, stage) for each in between) or (names and not copy.whole_context):
        return None
    text = instruction.span.text
    place = target.value if target.value.endswith(("/", ".")) else f"{target.value}/"
    flags = "".join(f" {flag.span.text}" for flag in instruction.flags)
    source = instruction.span.source
    head = f"{instruction.keyword}{flags} {' '.join(names)} {place}" if names else ""
    end = instruction.span.end if names else instruction.span.end + 1
    edits = (
        Edit(source.span(instruction.span.start, min(end, len(source.text))), head),
        Edit(source.span(last.span.end, last.span.end), f"\n{text}"),
    )
    return Fix("Install the dependencies before the sources are copied", edits, Applicability.DISPLAY)


def _is_neutral(instruction: Instruction, installing: set[int], stage: Stage) -> bool:
    """Whether an instruction can stay above the sources: a RUN of dependency installs and cleaning, or a setting."""
    if not isinstance(instruction, Run):
        return instruction.keyword in ("ENV", "ARG", "LABEL", "EXPOSE", "SHELL", "USER")
    commands = stage.script(instruction).commands
    installs = [stage.install_of(command) for command in commands]
    separable = [install for install in installs if install is not None and (not install.adds or not install.sources)]
    rest = [command for command, install in zip(commands, installs, strict=True) if install is None]
    own = id(instruction) in installing or not any(install.files for install in separable)
    return own and len(separable) + len(rest) == len(commands) and all(each.name in _HARMLESS for each in rest)
