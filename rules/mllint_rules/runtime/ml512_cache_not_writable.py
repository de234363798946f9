"""ML512 cache-not-writable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import Build, Finding, Related, Rule, Span, Stage, is_closed, is_unprivileged

#: What a variable moves, and what happens where it cannot be written.
_MODELS = "the first download of a model fails with a PermissionError"
_CACHES = {
    "HF_HOME": _MODELS,
    "HF_HUB_CACHE": _MODELS,
    "HUGGINGFACE_HUB_CACHE": _MODELS,
    "TRANSFORMERS_CACHE": _MODELS,
    "SENTENCE_TRANSFORMERS_HOME": _MODELS,
    "TORCH_HOME": _MODELS,
    "XDG_CACHE_HOME": _MODELS,
    "KERAS_HOME": _MODELS,
    "HF_DATASETS_CACHE": "loading a dataset fails with a PermissionError",
    "TRITON_CACHE_DIR": "compiling a kernel fails with a PermissionError",
    "TORCHINDUCTOR_CACHE_DIR": "torch.compile fails with a PermissionError",
    "NUMBA_CACHE_DIR": "numba cannot keep what it compiles, and compiles it again at each start",
    "MPLCONFIGDIR": "matplotlib warns, and builds its font cache again at each start (seconds)",
}
#: Packages that download models into the user's home unless a variable says otherwise.
_DOWNLOADERS = {
    "transformers": "huggingface",
    "huggingface-hub": "huggingface",
    "sentence-transformers": "huggingface",
    "diffusers": "huggingface",
    "vllm": "huggingface",
    "openai-whisper": "whisper",
}
#: Variables that move Hugging Face's cache and most others from the home.
_MOVES = ("HF_HOME", "HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "XDG_CACHE_HOME", "TRANSFORMERS_CACHE")
_OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")


class CacheNotWritable(Rule):
    """The container's user cannot write to the folder that its libraries keep their downloads in.

    ## Why is this bad?
    The image is built as root, and runs as another user: `/root` is closed to it (mode 0700), and a folder that root
    made, or one that does not exist below `/` or `/opt`, cannot be written. The build is green, and the first request
    fails with `PermissionError: [Errno 13]` when transformers or torch.hub downloads a model, or torch.compile keeps
    a kernel. With models in the image the folder cannot even be read below `/root`.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    ENV HF_HOME=/root/.cache/huggingface PYTHONUNBUFFERED=1
    RUN useradd --create-home --uid 1000 app
    USER app
    CMD ["python", "predict.py"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    ENV HF_HOME=/models PYTHONUNBUFFERED=1
    RUN useradd --create-home --uid 1000 app && install -d -o app /models
    USER app
    CMD ["python", "predict.py"]
    ```

    ## When it stays silent
    Where the folder, or one above it, is handed over (`chown`, `chmod`, `install -o`, `COPY --chown`, made by the
    user), for volumes, `/tmp` and homes, users in root's group, base images that are not known, scripts that may do
    anything, and folders that are only read (`HF_HUB_OFFLINE=1`).

    ## References
    - [huggingface_hub, environment variables](https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables)
    - [matplotlib, MPLCONFIGDIR](https://matplotlib.org/stable/install/environment_variables_faq.html)
    """

    id = "ML512"
    name = "cache-not-writable"

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        if stage is None or not is_unprivileged(stage) or stage.user is None:
            return
        found = list(_variables(stage))
        for each in found[:1]:
            others = ", ".join(f"`{more.name}`" for more in found[1:])
            also = f" The same holds for {others}." if others else ""
            user = stage.user
            related = (Related(user.span, "the container runs as this user"),) if user.span is not None else ()
            yield self.finding(
                each.span,
                f"The container runs as `{user.value}`, which cannot write to `{each.path}` ({each.why}): "
                f"{each.effect}.{also} {_remedy(stage, each)}",
                related=related,
            )._replace(stage=stage.label)


class _Cache(NamedTuple):
    name: str
    path: str
    span: Span
    #: Why it cannot be written.
    why: str
    effect: str


def _variables(stage: Stage) -> Iterator[_Cache]:
    """The folders that variables of this file name."""
    offline = any((found := stage.variable_at(name)) is not None and found.value == "1" for name in _OFFLINE)
    for name, effect in _CACHES.items():
        variable = stage.variable_at(name)
        if variable is None or not variable.value or variable.span is None:
            continue
        path = variable.value
        in_root = path == "/root" or path.startswith("/root/")
        if is_closed(stage, path) and (in_root or not offline):
            why = "`/root` is root's, mode 0700" if in_root else "it is root's, or below a folder that is"
            yield _Cache(name, path, variable.span, why, effect)
    home = _home(stage)
    package = next((name for name in _DOWNLOADERS if stage.inventory.get(name) is not None), None)
    if home is None or package is None or offline or any(stage.variable_at(name) is not None for name in _MOVES):
        return
    yield _Cache("HOME", f"{home.path.rstrip('/')}/.cache/{_DOWNLOADERS[package]}", home.span, home.why, _MODELS)


def _home(stage: Stage) -> _Cache | None:
    """The home of the container's user, where it cannot be written."""
    variable = stage.variable_at("HOME")
    if variable is not None and variable.value and variable.span is not None:
        closed = variable.value.startswith("/root") and is_closed(stage, variable.value)
        return _Cache("HOME", variable.value, variable.span, "`HOME` is root's", "") if closed else None
    return None


def _remedy(stage: Stage, cache: _Cache) -> str:
    user = stage.user.value if stage.user is not None else ""
    if cache.path.startswith("/root"):
        target = f"{cache.name}=/opt/cache" if cache.name != "HOME" else "HOME=/home/app"
        return f"Set `{target}` and make it the user's: `RUN install -d -o {user} {target.partition('=')[2]}`."
    return f"Make it the user's, in front of USER: `RUN install -d -o {user.partition(':')[0]} {cache.path}`."
