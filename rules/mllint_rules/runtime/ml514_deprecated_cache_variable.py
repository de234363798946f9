"""ML514 deprecated-cache-variable."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import Applicability, Edit, Env, Finding, Fix, Pair, Rule, Severity, Stage, compare_versions

#: The name that huggingface_hub reads in their place.
_CURRENT = "HF_HUB_CACHE"
#: Read by transformers alone, up to 4.x (source of 4.36.0, 4.57.6 and 5.0.0).
_OF_TRANSFORMERS = frozenset({"TRANSFORMERS_CACHE", "PYTORCH_TRANSFORMERS_CACHE", "PYTORCH_PRETRAINED_BERT_CACHE"})
#: The old name of `HF_HUB_CACHE`, which huggingface_hub 2.4.0 still reads.
_OF_HUB = "HUGGINGFACE_HUB_CACHE"
#: Servers in Rust that read this name by themselves, as the variable of `--huggingface-hub-cache`, and no other: in the
#: sources of both on 2026-11-21 (router/src/main.rs, launcher/src/main.rs).
_READERS = (
    "text-embeddings-router",
    "text-embeddings-inference",
    "text-generation-launcher",
    "text-generation-inference",
)
#: The switch of the downloader before Xet, which huggingface_hub no longer reads (source of 2.4.0), and the new one.
_TRANSFER, _XET = "HF_HUB_ENABLE_HF_TRANSFER", "HF_XET_HIGH_PERFORMANCE"
#: The releases that no longer read it: the hub's own, and the first of the libraries that require it.
_WITHOUT_TRANSFER = (("huggingface-hub", "1.0.0"), ("transformers", "5.0.0"))
#: What names the cache today.
_NEW = ("HF_HUB_CACHE", "HF_HOME")
#: The release that deprecated the variables, and the one that no longer reads them.
_DEPRECATED, _REMOVED = "4.36.0", "5.0.0"


class DeprecatedCacheVariable(Rule):
    """A variable of the model cache or its downloads is one that libraries no longer read, or soon will not.

    ## Why is this bad?
    transformers 4.36 deprecated `TRANSFORMERS_CACHE`, and 5.0 (January 2026) does not read it. Nothing fails: the
    models go to `~/.cache/huggingface` instead of the volume or the folder that the image names, so that each start
    downloads them again, or fails where that folder cannot be written or the network is closed. The switch for faster
    downloads, `HF_HUB_ENABLE_HF_TRANSFER`, is ignored since huggingface_hub 1.0 as well.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN install -d -o 1000 /models
    ENV TRANSFORMERS_CACHE=/models
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN install -d -o 1000 /models
    ENV HF_HUB_CACHE=/models
    USER 1000
    ```

    ## When it stays silent
    For empty values, where a later ENV sets the variable anew, and where transformers is known to be older than 4.36,
    which knows no other name; of HUGGINGFACE_HUB_CACHE in the images of Text Embeddings Inference and Text Generation
    Inference, whose programs read it as an option of their own; of the switch for downloads, unless huggingface_hub
    1.0 or transformers 5 is installed, or one of them without a version.

    ## Fix safety
    The fix writes `HF_HUB_CACHE`, which names the same folder (`HF_XET_HIGH_PERFORMANCE` for the switch). It is unsafe:
    a script of the image may read the old variable. There is none where `HF_HUB_CACHE` or `HF_HOME` is set beside it.

    ## References
    - [huggingface_hub, environment variables](https://huggingface.co/docs/huggingface_hub/package_reference/environment_variables)
    - [transformers 5, migration guide](https://github.com/huggingface/transformers/blob/main/MIGRATION_GUIDE_V5.md)
    """

    id = "ML514"
    name = "deprecated-cache-variable"
    severity = Severity.INFO

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        for instruction in stage.body:
            if not isinstance(instruction, Env):
                continue
            for pair in instruction.pairs:
                variable = stage.variable_at(pair.key.value)
                if variable is None or variable.span != pair.span or variable.value == "":
                    continue
                message = _message(pair.key.value, variable.value, stage)
                if message is not None:
                    yield self.finding(pair.key.span, message, fix=_fix(pair, stage))


def _message(name: str, value: str | None, stage: Stage) -> str | None:
    """What becomes of the variable with the libraries of the stage; None for names that are current."""
    folder = value if value is not None else "…"
    beside = next((each for each in _NEW if stage.variable_at(each) is not None), None)
    remedy = (
        f"Leave it out: `{beside}` is set." if beside else f"Write `{_CURRENT}={folder}`, which names the same folder."
    )
    if name == _OF_HUB:
        if stage.build.mentions(*_READERS):
            return None
        return f"`{name}` is the old name of `{_CURRENT}`, which huggingface_hub still reads, for now. {remedy}"
    if name == _TRANSFER:
        return _transfer_message(value, stage)
    if name not in _OF_TRANSFORMERS:
        return None
    package = stage.inventory.get("transformers")
    version = package.version if package is not None else None
    if version is not None and compare_versions(version, _DEPRECATED) == -1:
        return None
    if version is not None and compare_versions(version, _REMOVED) in (0, 1):
        said = f"transformers {version} does not read `{name}` (5.0 took it away)"
    else:
        said = f"`{name}` is deprecated since transformers 4.36 and not read since 5.0 (January 2026)"
    lost = (
        "" if beside else f": models then land in `~/.cache/huggingface`, not in `{folder}`, and are downloaded again"
    )
    return f"{said}{lost}. {remedy}"


def _transfer_message(value: str | None, stage: Stage) -> str | None:
    """What becomes of the switch for fast downloads; None where a release is held that reads it, or may be."""
    found = [(stage.inventory.get(name), since) for name, since in _WITHOUT_TRANSFER]
    newer = [
        not package.specifier if package.version is None else (compare_versions(package.version, since) or 0) >= 0
        for package, since in found
        if package is not None
    ]
    if value in ("0", "false", "False") or not newer or not all(newer):
        return None
    return (
        f"`{_TRANSFER}` is ignored since huggingface_hub 1.0, and `hf_transfer` beside it is not used: downloads go "
        f"through Xet. Write `{_XET}=1`, which takes its place, or leave it out."
    )


def _fix(pair: Pair, stage: Stage) -> Fix | None:
    if pair.key.value == _TRANSFER:
        return Fix(f"Rename it to `{_XET}`", (Edit(pair.key.span, _XET),), Applicability.UNSAFE)
    if any(stage.variable_at(each) is not None for each in _NEW):
        return None
    old = [name for name in (*_OF_TRANSFORMERS, _OF_HUB) if stage.variable_at(name) is not None]
    if len(old) > 1:
        return None
    return Fix(f"Rename it to `{_CURRENT}`", (Edit(pair.key.span, _CURRENT),), Applicability.UNSAFE)
