"""Which environment an installer puts its packages into: what pip, uv, poetry and conda decide by themselves."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from mllint.packages.requirement import Install
from mllint.semantic.environments import NO_PYTHON, UNKNOWN, Environment
from mllint.semantic.fact import Fact
from mllint.semantic.interpreters import version_in
from mllint.semantic.layers import canonical
from mllint.semantic.whereabouts import Here

_FOLDERS = ("--target", "--prefix", "--root")


def choose(install: Install, here: Here) -> Environment:
    """The environment of an install command, and of a removal."""
    if install.ecosystem not in ("python", "conda"):
        return NO_PYTHON
    target = next((word for word in map(install.setting, _FOLDERS) if word is not None), None)
    if target is not None and install.ecosystem == "python":
        return _target(here.path(target), install, here)
    return _CHOICES.get(install.manager, _pip)(install, here)


def _target(path: str | None, install: Install, here: Here) -> Environment:
    """`--target`, `--prefix`, `--root`: a folder of its own, filled by the Python that runs the installer."""
    if path is None:
        return UNKNOWN
    plain = install._replace(settings=tuple(each for each in install.settings if each.name not in _FOLDERS))
    return Environment(f"target:{path}", "target", choose(plain, here).python, False)


def _pip(install: Install, here: Here) -> Environment:
    target = here.variable("PIP_TARGET") or here.variable("PIP_PREFIX")
    if target:
        return Environment(f"target:{target}", "target", here.environment(here.pythons.default()).python, False)
    wrappers = install.command.wrappers
    for tool in ("poetry", "pipenv"):
        if f"{tool} run" in wrappers:
            return project_environment(tool, here)
    if "uv run" in wrappers:
        return _uv_project(install, here)
    if install.python is not None:
        return here.environment(named_python(install.python, here))
    first = install.command.words[0]
    if first.value is None and "/" in first.raw:
        # `${VENV}/bin/pip`: which environment, only the shell knows.
        return UNKNOWN
    key = here.pythons.find(first.value.rpartition("/")[2]) if first.value else None
    return here.environment(key or here.pythons.default())


def named_python(written: str, here: Here) -> str:
    """The key of an interpreter as a command names it: `python3.11`, `/opt/venv/bin/python`, `3.12` (uv)."""
    if "/" in written:
        path = here.join(written)
        if path is None:
            return here.pythons.put(UNKNOWN)
        if posixpath.basename(path).startswith(("python", "pypy")):
            return here.pythons.at(path)
        return here.pythons.at(f"{path}/bin/python")
    if written[:1].isdigit():
        return here.pythons.find(f"python{written}") or here.pythons.packaged(written, None)
    key = here.pythons.find(written)
    version = version_in(written)
    if key is None and version is not None and "." in version:
        return here.pythons.packaged(version, None)
    return key or here.pythons.default()


def _uv(install: Install, here: Here) -> Environment:
    if install.subcommand.startswith("tool"):
        return _tool(install, here)
    if install.subcommand.startswith("python"):
        return NO_PYTHON
    if not install.subcommand.startswith("pip "):
        return _uv_project(install, here)
    if install.python is not None:
        return here.environment(named_python(install.python, here))
    if "--system" in install.options or here.switched_on("UV_SYSTEM_PYTHON"):
        chosen = here.variable("UV_PYTHON")
        return here.environment(named_python(chosen, here) if chosen else here.pythons.default())
    if here.active is not None:
        return here.environment(here.active)
    folder = here.folder
    while folder:
        key = here.pythons.made_at(f"{folder.rstrip('/')}/.venv")
        if key is not None:
            return here.environment(key)
        folder = posixpath.dirname(folder) if folder != "/" else None
    chosen = here.variable("UV_PYTHON")
    # Without an environment uv refuses; where the base is not known, it may have one.
    return here.environment(named_python(chosen, here) if chosen else here.pythons.default())


def _uv_project(install: Install, here: Here) -> Environment:
    """`uv sync` and its like: UV_PROJECT_ENVIRONMENT, or `.venv` beside the project file."""
    project = here.path(install.setting("--project") or install.setting("--directory")) or here.folder
    if "--active" in install.options and here.active is not None:
        return _fitting(here.environment(here.active), project, here)
    named = here.variable("UV_PROJECT_ENVIRONMENT")
    path = here._replace(folder=project).join(named or ".venv")
    if path is None:
        return UNKNOWN
    key = project_venv(path, install.python or here.variable("UV_PYTHON"), project, here)
    return _fitting(here.environment(key), project, here)


def _fitting(environment: Environment, project: str | None, here: Here) -> Environment:
    """The environment as uv leaves it: one whose Python the project refuses is made again with a Python that fits.

    Which one that is depends on what uv finds and may download, so it is unknown.
    """
    if environment.kind != "venv" or environment.python is None or project is None:
        return environment
    from mllint.semantic.files import manifest_at
    from mllint.semantic.python_support import refuses

    manifest = manifest_at(here.stage, f"{project}/pyproject.toml", here.run, command=here.command)
    if manifest is None or not refuses(manifest.requires_python or "", environment.python.value):
        return environment
    again = environment._replace(python=None)
    here.pythons.put(again, here.pythons.prefixes.get(environment.key))
    return again


def project_venv(path: str, python: str | None, project: str | None, here: Here) -> str:
    """The virtual environment at a path, which an installer makes where it is not there yet."""
    known = here.pythons.made_at(path)
    if known is not None:
        return known
    if path.startswith("/usr"):
        # UV_PROJECT_ENVIRONMENT=/usr/local: the packages go to the image's own Python.
        return here.pythons.at(f"{path}/bin/python3")
    return here.pythons.put(Environment(path, "venv", _project_python(python, project, path, here), False), path)


def _project_python(python: str | None, project: str | None, path: str, here: Here) -> Fact[str] | None:
    """The Python of the environment that is made at `path`: the one asked for, `.python-version`, the first on PATH."""
    if python is not None:
        return here.environment(named_python(python, here)).python
    from mllint.semantic.files import file_at

    pin = file_at(here.stage, f"{project}/.python-version", here.run) if project is not None else None
    if pin is not None:
        text = pin.line(1).strip()
        return Fact(text, pin.span(0, len(pin.line(1)))) if text[:1].isdigit() else None
    own = canonical(f"{path}/bin")
    key = here.pythons.find("python", own) or here.pythons.find("python3", own)
    return here.environment(key).python if key is not None else None


def _tool(install: Install, _: Here) -> Environment:
    """pipx, `uv tool install`: an environment for each tool."""
    names = [each.name for each in install.requirements if each.name is not None]
    return Environment(f"tool:{names[0]}", "tool", None, False) if names else UNKNOWN


def _poetry(_: Install, here: Here) -> Environment:
    return project_environment("poetry", here)


def _pipenv(install: Install, here: Here) -> Environment:
    if "--system" in install.options:
        return here.environment(here.pythons.default())
    return project_environment("pipenv", here)


def project_environment(tool: str, here: Here) -> Environment:
    """The environment that poetry or pipenv uses for the project in the working folder."""
    if here.active is not None:
        return here.environment(here.active)
    if tool == "poetry" and setting("poetry", "virtualenvs.create", here) == "false":
        return here.environment(here.pythons.default())
    inside = "virtualenvs.in-project" if tool == "poetry" else "venv-in-project"
    if setting(tool, inside, here) in ("true", "1") and here.folder is not None:
        return here.environment(project_venv(f"{here.folder.rstrip('/')}/.venv", None, here.folder, here))
    key = f"{tool}:{here.folder or '?'}"
    known = here.pythons.environments.get(key)
    if known is None:
        python = here.environment(here.pythons.default()).python
        known = Environment(key, "venv", python, False)
        here.pythons.put(known)
    return known


def setting(tool: str, name: str, here: Here) -> str | None:
    """A setting of poetry, pipenv or pdm: a variable, or an earlier `poetry config name value`."""
    variable = _VARIABLES.get((tool, name)) or f"{tool}_{name}".upper().replace(".", "_").replace("-", "_")
    value = here.variable(variable)
    return (value if value is not None else here.pythons.settings.get(f"{tool} {name}", "")).lower() or None


_VARIABLES = {("pipenv", "venv-in-project"): "PIPENV_VENV_IN_PROJECT", ("pdm", "python.use_venv"): "PDM_USE_VENV"}


def _pdm(install: Install, here: Here) -> Environment:
    if here.active is not None:
        return here.environment(here.active)
    if "--global" in install.options:
        return here.environment(here.pythons.default())
    folder = here.path(install.setting("--project")) or here.folder
    if folder is None:
        return UNKNOWN
    if setting("pdm", "python.use_venv", here) == "false":
        target = f"target:{folder}/__pypackages__"
        return Environment(target, "target", here.environment(here.pythons.default()).python, False)
    return here.environment(project_venv(f"{folder.rstrip('/')}/.venv", None, folder, here))


def _conda(install: Install, here: Here) -> Environment:
    if install.manager == "pixi":
        return _pixi(install, here)
    name = install.setting("--name")
    prefix = install.setting("--prefix")
    if name is not None:
        return here.environment(conda_key(name.value, here)) if name.value is not None else UNKNOWN
    if prefix is not None:
        path = here.path(prefix)
        return here.environment(conda_at(path, here)) if path is not None else UNKNOWN
    if here.active is not None and here.environment(here.active).kind == "conda":
        return here.environment(here.active)
    return here.environment(conda_key("base", here))


def _pixi(install: Install, here: Here) -> Environment:
    if install.subcommand.startswith("global"):
        return _tool(install, here)
    if here.folder is None:
        return UNKNOWN
    name = install.setting("--environment")
    written = name.value if name is not None else "default"
    return here.environment(conda_at(f"{here.folder.rstrip('/')}/.pixi/envs/{written}", here))


def conda_key(name: str, here: Here) -> str:
    """The key of a conda environment by its name or its folder; it is made known when it is not yet."""
    if "/" in name:
        path = here.join(name)
        return conda_at(path, here) if path is not None else here.pythons.put(UNKNOWN)
    key = f"conda:{name}"
    if key not in here.pythons.environments:
        base = here.pythons.conda_prefix()
        prefix = base if name == "base" else f"{base}/envs/{name}"
        here.pythons.put(Environment(key, "conda", None, False), prefix)
    return key


def conda_at(path: str, here: Here) -> str:
    """The key of the conda environment in a folder."""
    known = here.pythons.made_at(path)
    return known or here.pythons.put(Environment(f"conda:{path}", "conda", None, False), path)


_CHOICES: dict[str, Callable[[Install, Here], Environment]] = {
    "pip": _pip,
    "uv": _uv,
    "pipx": _tool,
    "poetry": _poetry,
    "pipenv": _pipenv,
    "pdm": _pdm,
    "conda": _conda,
    "mamba": _conda,
    "micromamba": _conda,
    "pixi": _conda,
}
