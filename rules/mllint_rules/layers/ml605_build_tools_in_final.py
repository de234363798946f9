"""ML605 build-tools-in-final."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Build,
    Confidence,
    Deposit,
    Finding,
    Origin,
    Related,
    Role,
    Rule,
    Severity,
    Stage,
    deposits,
    is_for_development,
    regex,
    weights,
)

_TOOL = regex(
    r"build-essential|build-base|gcc(-\d+)?|g\+\+(-\d+)?|gcc-c\+\+|clang(-\d+)?|gfortran(-\d+)?|cmake|make|ninja-build|"
    r"autoconf|automake|libtool|rustc|cargo|golang(-\d.*)?|python3?(\.\d+)?-dev(el)?|nasm|yasm|swig|bison|flex|git"
)
_HEADERS = regex(r".+-dev(el)?")
#: What `build-essential` holds already.
_ESSENTIAL = frozenset({"gcc", "g++", "make"})
#: Headers of fewer bytes, unpacked, are not worth a word.
_LEAST = 20_000_000
#: Python packages that compile while they run, with gcc or nvcc.
_COMPILING = frozenset(
    {
        "triton", "vllm", "sglang", "deepspeed", "unsloth", "tilelang", "flashinfer-python", "torch-tensorrt", "cupy",
        "xformers", "lmdeploy", "tensorrt-llm", "pytensor", "theano", "aesara", "pymc", "pymc3", "pystan", "cmdstanpy",
        "tvm", "apache-tvm", "numba-cuda", "pyopencl", "pycuda",
    }
)  # fmt: skip
#: Servers that do.
_SERVERS = frozenset({"vLLM", "SGLang", "Text Generation Inference"})
#: Those that call git while they run.
_WITH_GIT = frozenset({"gitpython", "mlflow", "dvc", "pygit2", "clearml", "comet-ml", "aim", "sacred", "mlem", "zenml"})
_SETTINGS = regex(r"(TRITON|TORCHINDUCTOR|TORCH_COMPILE|VLLM|TORCH_EXTENSIONS)_|TORCH_COMPILE")
_COMPILES = regex(r"torch\.compile\(|--(enable-)?torch-compile|cpp_extension")


class BuildToolsInFinal(Rule):
    """Compilers, headers, git or cmake stay in the final stage of an image that serves.

    ## Why is this bad?
    They are for building packages, which is done when the image is: `build-essential` has 267 MB unpacked, `cmake` 89,
    `git` 54 (Debian 12, with what they depend on). Each new replica pulls them before it can answer, scanners report
    their flaws, and whoever gets into the container finds a compiler.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN apt-get update \\
        && apt-get install -y --no-install-recommends build-essential \\
        && rm -rf /var/lib/apt/lists/*
    COPY requirements.lock .
    RUN pip install --no-cache-dir --require-hashes -r requirements.lock
    COPY app.py .
    USER 1000
    HEALTHCHECK CMD python -c "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health')" || exit 1
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7 AS build
    COPY requirements.lock .
    RUN pip wheel --no-cache-dir --wheel-dir /wheels --require-hashes -r requirements.lock

    FROM python:3.12.7-slim
    RUN --mount=type=bind,from=build,source=/wheels,target=/wheels pip install --no-cache-dir --no-deps /wheels/*.whl
    COPY app.py .
    USER 1000
    HEALTHCHECK CMD python -c "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/health')" || exit 1
    CMD ["uvicorn", "app:app", "--host", "0.0.0.0"]
    ```

    ## When it stays silent
    In images of another role, where the tools are removed again (in the same RUN, else `removal-in-later-layer`, ML606,
    speaks), for what the base image brings (`oversized-base`, ML105, and `devel-image-in-production`, ML308), for git
    beside packages that call it, and in files and stages for development. It is advice where something compiles while
    it runs (Triton, torch.compile, vLLM, DeepSpeed, …), and for git or headers alone.

    ## References
    - [Multi-stage builds](https://docs.docker.com/build/building/multi-stage/)
    """

    id = "ML605"
    name = "build-tools-in-final"
    tags = ("size",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        if stage is None or stage.role.value is not Role.SERVING or is_for_development(stage):
            return
        names = _packages(stage)
        found = [each for each in deposits(build).packages if _is_for_building(each, names)]
        if not found or _is_little(found):
            return
        reason = _run_time_need(stage, names)
        tools = [each for each in found if _TOOL.fullmatch(each.label) and each.label != "git"]
        main = tools[0] if tools else found[0]
        advice = reason is not None or not tools
        yield self.finding(
            main.span,
            _message(found, main, reason),
            severity=Severity.INFO if advice else None,
            confidence=None if stage.inventory.complete and not advice else Confidence.MEDIUM,
            related=tuple(Related(each.span, "and this") for each in found if each is not main)[:3],
        )._replace(stage=main.stage.label)


def _is_for_building(deposit: Deposit, names: frozenset[str]) -> bool:
    if deposit.label == "git" and names & _WITH_GIT:
        return False
    return _TOOL.fullmatch(deposit.label) is not None or _HEADERS.fullmatch(deposit.label) is not None


def _is_little(found: list[Deposit]) -> bool:
    """Headers alone, of a few MB."""
    if any(_TOOL.fullmatch(each.label) for each in found) or any(each.size is None for each in found):
        return False
    return sum(each.size or 0 for each in found) < _LEAST


def _packages(stage: Stage) -> frozenset[str]:
    """The Python packages, but for the Triton that every torch brings along."""
    found = (each for each in stage.inventory.packages if each.ecosystem != "system")
    return frozenset(each.name for each in found if each.name != "triton" or each.origin is Origin.LITERAL)


def _run_time_need(stage: Stage, names: frozenset[str]) -> str | None:
    """What may compile while the container runs; None when nothing says so."""
    compiling = sorted(names & _COMPILING)
    if compiling:
        return f"`{compiling[0]}` may compile while it runs"
    variable = next((name for name in stage.scope.environment.at_end() if _SETTINGS.match(name)), None)
    if variable is not None and variable.startswith("VLLM_"):
        return f"`{variable}` is for vLLM, which may compile while it runs"
    if variable is not None:
        return f"`{variable}` speaks of compiling while it runs"
    server = next((each.facts.name for each in stage.servers if each.facts.name in _SERVERS), None)
    if server is not None:
        return f"{server} may compile while it runs"
    for command in stage.process.commands if stage.process is not None else ():
        for word in command.words:
            source = stage.container_file(word.value) if word.value is not None and word.value.endswith(".py") else None
            if _COMPILES.search(source.text if source is not None else word.value or ""):
                return "`torch.compile` compiles while it runs"
    return None


def _message(found: list[Deposit], main: Deposit, reason: str | None) -> str:
    ordered = [main, *(each for each in found if each is not main)]
    labels = list(dict.fromkeys(each.label for each in ordered))
    essential = "build-essential" in labels
    sizes = {each.label: each.size for each in found if not (essential and each.label in _ESSENTIAL)}
    known = sum(size for size in sizes.values() if size is not None)
    amount = f" (about {weights.readable_size(known)} unpacked)" if known else ""
    rest = f" and {len(labels) - 3} more" if len(labels) > 4 else ""
    shown = labels[:3] if rest else labels
    listed = ", ".join(f"`{label}`" for label in shown) + rest
    verb, them = ("is", "it") if len(labels) == 1 else ("are", "them")
    if reason is not None:
        return f"{listed}{amount} {verb} in the image that serves. {reason}; what that does not need can go."
    if main.label == "git" and len(labels) == 1:
        remedy = "fetch the code in another stage, or remove it at the end of the RUN that uses it"
        return f"{listed}{amount} is in the image that serves. Unless the service itself calls it, {remedy}."
    what = f"{listed}{amount} {verb} for building, and every replica of this service pulls {them}"
    return f"{what}. {_remedy(found, main)}."


def _remedy(found: list[Deposit], main: Deposit) -> str:
    if all(_TOOL.fullmatch(each.label) is None for each in found):
        return "Install the library without its headers, and compile in a stage of its own"
    if main.label == "git":
        return "Fetch the code in another stage, or remove git at the end of the RUN that uses it"
    return (
        "Build wheels in another stage and install those here, or remove the tools at the end of the RUN that uses them"
    )
