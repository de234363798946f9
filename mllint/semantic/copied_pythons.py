"""Python packages that COPY --from takes into a stage whose Python does not find them, or cannot load them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from mllint.images.reference import ImageReference
from mllint.regex import regex

if TYPE_CHECKING:
    from mllint.semantic.environment_walk import Copied
    from mllint.semantic.environments import Environment
    from mllint.semantic.stage import Stage
    from mllint.semantic.steps import CopyStep
    from mllint.source import Span

#: A folder of packages of the image's own Python (/usr/local) or of the distribution's, or the folder around it.
_PACKAGES = regex(
    r"(?P<prefix>/usr/local|/usr)/lib/python(?P<version>3\.\d+)(?:/(?P<kind>site|dist)-packages(?=/|$)|/?$)"
)
#: What may bring an interpreter, or a library of one, along.
_WITH_PROGRAMS = regex(
    r"(?:^|/)(?:s?bin|lib(?:64)?|x86_64-linux-gnu)/?$|/bin/|\.so|(?:^|(?<!lib)/)python[\d.]*$|^/(?:usr|usr/local|opt|root)?/?$"
)
#: Variables that make uv take a Python of its own, wherever that is.
_UVS_OWN = ("UV_PYTHON_INSTALL_DIR", "UV_PYTHON_PREFERENCE", "UV_MANAGED_PYTHON")


class Misplaced(NamedTuple):
    """What is copied, and why it is of no use."""

    #: The source of the COPY.
    span: Span
    origin: Stage
    #: The folder here, or the one that is copied where that tells more.
    folder: str
    #: "source": the folder does not exist in the other stage. "version": the Python here is another one. "folder": it
    #: is the right one and looks elsewhere. "built": the packages were built for another one. "absent": no Python is
    #: here. "link": the virtual environment's Python is a link to a file that is not here.
    reason: str
    #: "3.11"; the Python of the packages.
    built: str
    #: The Python of this stage; "" where there is none.
    here: str
    #: Both versions rest on a source.
    sure: bool
    #: Where the two versions come from.
    related: tuple[Span, ...]
    #: The link's target.
    target: str = ""


def misplaced_packages(stage: Stage) -> Iterator[Misplaced]:
    """The COPY --from of a stage that carry packages to a Python that has no use for them."""
    for step in stage.copies:
        if step.from_context or step.origin is None or isinstance(step.origin, ImageReference):
            continue
        found = list(_of_folders(step, step.origin, stage)) or list(_of_environments(step, step.origin, stage))
        yield from found[:1]


# site-packages by their path


def _of_folders(step: CopyStep, origin: Stage, stage: Stage) -> Iterator[Misplaced]:
    for text, source in step.sources:
        there = _PACKAGES.match(source or "")
        here = _PACKAGES.match(step.target or "")
        if here is None or source is None:
            continue
        version = there["version"] if there is not None else _version_of_target(source, origin)
        found = _missing_source(text.span, origin, there) if there is not None else None
        if found is None and version is not None:
            found = _invisible(text.span, origin, stage, version, here)
        if found is not None:
            yield found


def _version_of_target(source: str, origin: Stage) -> str | None:
    """The Python that filled a folder with `pip install --target`; None for other folders."""
    key = f"target:{source.rstrip('/')}"
    made = (each for each in origin.pythons.by_command.values() if each.key == key and each.sure)
    return next((_minor(each) for each in made), None)


def _missing_source(span: Span, origin: Stage, there: re.Match[str]) -> Misplaced | None:
    """The path has another version than the Python of the stage that it is taken from."""
    own = _own_python(origin)
    if own is None or there["prefix"] != "/usr/local" or there["kind"] != "site" or not _is_closed(origin):
        return None
    version = _minor(own)
    if version is None or version == there["version"]:
        return None
    return Misplaced(span, origin, there[0], "source", version, "", own.sure, _places(own))


def _invisible(span: Span, origin: Stage, stage: Stage, built: str, here: re.Match[str]) -> Misplaced | None:
    environment = stage.environment
    if here[0] in _search_path(stage):
        return None
    if environment.kind == "none":
        return Misplaced(span, origin, here[0], "absent", built, "", True, ()) if _is_closed(stage) else None
    version = _minor(environment)
    if version is None or not _looks_into(here["prefix"], environment, stage):
        return None
    facts = span, origin, here[0]
    if version != here["version"]:
        return Misplaced(*facts, "version", built, version, environment.sure, _places(environment))
    if environment.kind == "system" and here["prefix"] == "/usr/local" and here["kind"] == "site" and _is_debian(stage):
        return Misplaced(*facts, "folder", built, version, environment.sure, _places(environment))
    if built != here["version"]:
        # Packages without compiled modules work all the same.
        return Misplaced(*facts, "built", built, version, False, _places(environment))
    return None


def _looks_into(prefix: str, environment: Environment, stage: Stage) -> bool:
    """Whether the Python here is the one that folders of that prefix are for, or no other one is there."""
    if prefix == "/usr/local":
        return environment.kind == "system" or (environment.kind == "image" and _own_python(stage) is not None)
    return environment.kind == "system"


# Environments as a whole


def _of_environments(step: CopyStep, origin: Stage, stage: Stage) -> Iterator[Misplaced]:
    for copied in stage.pythons.copied.get(id(step.instruction), ()):
        source = origin.pythons.last.environments.get(copied.source)
        span = step.sources[0][0].span
        if source is not None and source.kind == "venv" and copied.source.startswith("/"):
            found = _dead_link(span, copied, source, stage)
        else:
            found = _other_version(span, copied, step, stage)
        if found is not None:
            yield found


def _dead_link(span: Span, copied: Copied, source: Environment, stage: Stage) -> Misplaced | None:
    """A virtual environment holds a link to the Python that made it: it needs the same one at the same place."""
    maker = _maker(source, copied.origin)
    built = _minor(source)
    if maker is None or built is None:
        return None
    target = "/usr/local/bin/python3" if maker.kind == "image" else "/usr/bin/python3"
    key = "image" if maker.kind == "image" else "system"
    there = stage.pythons.last.environments.get(key) if _has_program(stage, target, key) else None
    if there is not None:
        version = _minor(there)
        if version is None or version == built:
            return None
        related = (*_places(source), *_places(there))
        return Misplaced(
            span, copied.origin, copied.target, "version", built, version, there.sure and source.sure, related
        )
    if not _surely_lacks(stage, target):
        return None
    here = _minor(stage.environment) if stage.environment.key != copied.target else None
    return Misplaced(span, copied.origin, copied.target, "link", built, here or "", True, _places(source), target)


def _other_version(span: Span, copied: Copied, step: CopyStep, stage: Stage) -> Misplaced | None:
    """`pip install --user` and `--prefix`: `lib/python3.11/site-packages` below the folder that is copied."""
    there = copied.origin.environment
    if copied.source.startswith("target:"):
        folder = copied.source.removeprefix("target:")
        prefixes = {
            word.value for each in copied.origin.installs if (word := each.install.setting("--prefix")) is not None
        }
        if folder not in prefixes:
            return None
    elif not copied.user or not any("--user" in each.install.options for each in copied.origin.installs):
        return None
    here = stage.environment
    built, version = _minor(there), _minor(here)
    if (
        there.kind not in ("image", "system")
        or here.kind not in ("image", "system")
        or built is None
        or version is None
    ):
        return None
    if built == version:
        return None
    target = (step.target or "").rstrip("/") or "/"
    related = (*_places(there), *_places(here))
    return Misplaced(span, copied.origin, target, "version", built, version, there.sure and here.sure, related)


# What is known of a stage


def _own_python(stage: Stage) -> Environment | None:
    """The Python in /usr/local of one of Docker's `python` images; None on others."""
    base = stage.base
    if base is None or base.family != "python" or not base.sure_of("python"):
        return None
    found = stage.pythons.last.environments.get("image")
    return found if found is not None and found.kind == "image" else None


def _minor(environment: Environment) -> str | None:
    python = environment.python
    parts = python.value.split(".") if python is not None else []
    return ".".join(parts[:2]) if len(parts) > 1 else None


def _places(environment: Environment) -> tuple[Span, ...]:
    python = environment.python
    return (python.span,) if python is not None and python.span is not None else ()


def _maker(venv: Environment, origin: Stage) -> Environment | None:
    """The Python that made a virtual environment: the one whose version it has taken over."""
    if venv.python is None or any("--copies" in each.command.values() for each in origin.steps):
        return None
    if any(origin.variable_at(name) is not None for name in _UVS_OWN):
        return None
    known = origin.pythons.last.environments
    made = [each for key, each in known.items() if key in ("image", "system") and each.python is venv.python]
    # A version that uv is asked for may be the distribution's as well, and is downloaded where that is not installed.
    there = bool(made) and _has_program(origin, "/usr/bin/python3", made[0].key)
    return made[0] if there else None


def _has_program(stage: Stage, path: str, key: str) -> bool:
    """Whether the image's own or the distribution's Python is at its usual place."""
    if key == "image":
        return _own_python(stage) is not None
    return stage.pythons.last.programs.get(path) == key


def _surely_lacks(stage: Stage, path: str) -> bool:
    """Whether nothing can be at a path of an interpreter."""
    base = stage.base
    folder = posixpath.dirname(path)
    if base is None or not base.sure_of("python_commands") or not _is_closed(stage) or stage.pythons.last.unseen:
        return False
    if any(program.startswith(f"{folder}/python") for program in stage.pythons.last.programs):
        return False
    bare = base.python_commands == frozenset() and base.os in ("ubuntu", "debian")
    if folder == "/usr/local/bin":
        return bare
    return (bare or (base.family == "python" and base.flavour == "slim")) and not _apt_may_bring_python(stage)


def _apt_may_bring_python(stage: Stage) -> bool:
    from mllint.semantic.environment_walk import brings_no_python

    installs = (step.install for each in stage.ancestry for step in each.installs)
    return any(install.ecosystem == "system" and not brings_no_python(install) for install in installs)


def _is_closed(stage: Stage) -> bool:
    """Whether no COPY or mount brings programs or libraries of another image."""
    for each in stage.ancestry:
        for step in each.copies:
            if step.from_context:
                continue
            paths = [value for _, value in step.sources]
            if any(path is None or _WITH_PROGRAMS.search(path) for path in paths):
                return False
    return True


def _search_path(stage: Stage) -> str:
    variable = stage.variable_at("PYTHONPATH")
    return (variable.value or "") if variable is not None else ""


def _is_debian(stage: Stage) -> bool:
    return stage.base is not None and stage.base.os in ("debian", "ubuntu")


def moved_script(stage: Stage, step: CopyStep) -> str | None:
    """The folder that a virtual environment was made in, where the container starts a script of its copy elsewhere.

    The first line of each script names the interpreter by the folder that it was made in.
    """
    process = stage.process
    command = process.commands[0] if process is not None and process.commands else None
    written = command.words[0].value if command is not None and command.words else None
    if command is None or written is None or (command.name or "").startswith(("python", "activate")):
        return None
    for copied in stage.pythons.copied.get(id(step.instruction), ()):
        made = copied.origin.pythons.last.environments.get(copied.source)
        moved = copied.target != copied.source and written.startswith(f"{copied.target}/bin/")
        if made is not None and made.kind == "venv" and moved and not _is_relocatable(copied.origin):
            return copied.source
    return None


def _is_relocatable(origin: Stage) -> bool:
    relocatable = any(
        word.raw.startswith("--relocatable")
        for each in origin.ancestry
        for step in each.steps
        for word in step.command.words
    )
    return relocatable or origin.variable_at("UV_VENV_RELOCATABLE") is not None
