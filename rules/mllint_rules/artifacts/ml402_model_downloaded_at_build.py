"""ML402 model-downloaded-at-build."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

from mllint.api import (
    Confidence,
    DownloadKind,
    Fetch,
    Finding,
    Related,
    Rule,
    Severity,
    Stage,
    is_closed,
    knowledge,
    weights,
)

#: Downloads up to this many bytes are small beside the libraries that load them.
_SMALL = 100_000_000
_ROOT = frozenset({"root", "0"})
#: Libraries whose models have names that say little alone: `base`, `resnet50`, `punkt`.
_OF_LIBRARIES = frozenset(
    {"Whisper", "WhisperX", "faster-whisper", "NLTK", "CLIP", "torchvision", "keras.applications", "timm"}
)
#: Variables that lead every user to the same cache.
_SHARED = (
    "HF_HOME",
    "HF_HUB_CACHE",
    "HUGGINGFACE_HUB_CACHE",
    "TRANSFORMERS_CACHE",
    "TORCH_HOME",
    "XDG_CACHE_HOME",
    "NLTK_DATA",
)


class ModelDownloadedAtBuild(Rule):
    """Model weights are downloaded while the image is built, and stay in its layers.

    ## Why is this bad?
    The weights become part of the image: every push and pull moves them, every node stores them again for each version
    of the code, and a new model needs a new image. Whenever a line above changes, or the builder has no cache, they are
    downloaded again, and the build fails when the hub is down, asks for a token or limits its rate.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir huggingface_hub==0.36.0
    RUN hf download Qwen/Qwen2.5-7B-Instruct --revision a09a354 --local-dir /models/qwen
    USER 1000
    ```

    ## Good
    ```dockerfile
    # docker run --mount type=volume,source=models,target=/models …
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir huggingface_hub==0.36.0
    RUN install -d -o 1000 /models/huggingface
    ENV HF_HOME=/models/huggingface
    USER 1000
    ```

    ## When it stays silent
    Where a mount (`--mount=type=cache,target=/root/.cache/huggingface`) keeps the files out of the layer, where the
    same RUN removes them, and in stages that no image is made of: what is copied from those is `model-baked-in`
    (ML401). Tokenizers and configurations are no weights. Downloads of known sizes below 100 MB, and the data of spaCy
    and NLTK, are only noted. Python and shell scripts that a RUN starts are read where the build context holds them.

    ## References
    - [huggingface_hub, manage the cache](https://huggingface.co/docs/huggingface_hub/guides/manage-cache)
    - [Dockerfile reference, RUN --mount=type=cache](https://docs.docker.com/reference/dockerfile/#run---mounttypecache)
    """

    id = "ML402"
    name = "model-downloaded-at-build"
    tags = ("size",)

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        if stage in stage.build.builders:
            return
        staying = [
            each for each in stage.artifacts.fetches if each.stays and each.download.kind is not DownloadKind.DATASET
        ]
        line: int | None = None
        for _, group in groupby(staying, key=lambda each: id(each.instruction)):
            finding = self._finding(list(group), stage, line)
            if line is None and finding.severity is not Severity.INFO:
                line = finding.span.first.line
            yield finding

    def _finding(self, fetches: list[Fetch], stage: Stage, line: int | None) -> Finding:
        """`line` is that of the first finding about weights, which has said what follows from it."""
        large = [each for each in fetches if not _is_small(each)]
        told = large or fetches
        certain = any(each.download.sure and not each.conditional for each in told)
        return self.finding(
            told[0].span,
            _message(told, stage, line) if large else _note(told),
            related=_calls(told),
            severity=Severity.WARNING if large else Severity.INFO,
            confidence=Confidence.HIGH if certain else Confidence.MEDIUM,
        )


def _calls(fetches: list[Fetch]) -> tuple[Related, ...]:
    """The calls in scripts of the build context that download."""
    inside = [each.download.span for each in fetches if each.download.span.source is not each.span.source]
    return tuple(Related(span, "downloaded here") for span in inside[:3])


def _is_small(fetch: Fetch) -> bool:
    size = fetch.download.size
    if size is None:
        return fetch.download.kind is DownloadKind.TEXT_DATA
    return size < _SMALL


def _message(fetches: list[Fetch], stage: Stage, line: int | None) -> str:
    what, many = _what(fetches)
    verb, it, its = ("are downloaded into", "them", "their") if many else ("is downloaded into", "it", "its")
    if what.startswith(("The model that", "What ")):
        verb = "becomes part of"
    if line is not None:
        return f"{what} {verb} the image as well: what line {line} says holds for {it} too."
    consequence = f"every push and pull moves {it}, a rebuild downloads {it} again, and a new model means a new image"
    cache = " (`HF_HOME` names it)" if _in_hub_cache(fetches[0]) else ""
    remedy = f"Download {it} at start, into a volume{cache}; without network at run time, copy {it} from an image of"
    return f"{what} {verb} the image: {consequence}. {_unseen(fetches[0], stage)}{remedy} {its} own."


def _in_hub_cache(fetch: Fetch) -> bool:
    return fetch.download.cache == "huggingface" and fetch.download.target is None


def _note(fetches: list[Fetch]) -> str:
    what, many = _what(fetches)
    return (
        f"{what} {'come' if many else 'comes'} from the network in each build: small enough to stay, but the build "
        f"fails when the server does, and nothing says which version it gets."
    )


def _what(fetches: list[Fetch]) -> tuple[str, bool]:
    """What is downloaded, in words with its size, and whether that is a plural."""
    sizes = {name: each.download.size for each in fetches if (name := _name(each)) is not None}
    unnamed = [each for each in fetches if _name(each) is None]
    if not sizes:
        return _unnamed(unnamed)
    known = [size for size in sizes.values() if size is not None]
    whole = len(known) == len(sizes) and not unnamed
    total = f" (about {weights.readable_size(sum(known))})" if whole else ""
    first, *others = list(sizes)[:2]
    names = [f"{first.owner}{first.quoted}"]
    names += (name.quoted if name.owner == first.owner else f"{name.owner}{name.quoted}" for name in others)
    more = max(len(sizes) - 2, 0) + len(unnamed)
    if more:
        return f"{', '.join(names)} and {more} more", True
    return f"{' and '.join(names)}{total}", len(names) > 1


def _unnamed(fetches: list[Fetch]) -> tuple[str, bool]:
    """Words for downloads whose name is computed."""
    download = fetches[0].download
    if download.tool.startswith("git lfs"):
        return "What Git LFS fetches", False
    if download.tool.endswith((".sh", ".py", ".bash")):
        return f"What `{download.tool}` fetches (by its name, a model)", False
    tool = download.tool if download.tool in knowledge.downloads.LIBRARIES else f"`{download.tool}`"
    if len(fetches) > 1:
        return f"What {tool} fetches", False
    target = download.target
    place = f" into `{target}`" if target is not None and target != "." and "$" not in target else ""
    return f"The model that {tool} fetches{place}", False


class _Name(NamedTuple):
    """`NLTK's ` and `` `punkt` ``."""

    #: The library that a name belongs to; "" for names that say it all.
    owner: str
    quoted: str


def _name(fetch: Fetch) -> _Name | None:
    """The name of what is fetched: never a query or a user in a URL, which may hold a secret."""
    download = fetch.download
    subject = download.subject
    if subject is None or "$" in subject:
        return None
    if "://" not in subject:
        return _Name(f"{download.tool}'s " if download.tool in _OF_LIBRARIES else "", f"`{subject}`")
    name = re.split(r"[?#]", subject)[0].rstrip("/").rpartition("/")[2]
    if "." not in name and download.target is not None and "." in download.target:
        name = posixpath.basename(download.target)
    return _Name("", f"`{name}`")


def _unseen(fetch: Fetch, stage: Stage) -> str:
    """A sentence where the container's user has another home than the one that holds the cache."""
    final = stage.build.final
    in_home = fetch.path is not None and fetch.path.startswith(("~/", "/root/"))
    if final is None or fetch.path is None or not in_home or fetch.download.target is not None:
        return ""
    builder, runner = stage.user_at(fetch.instruction), final.user
    if builder is None or runner is None or builder.value.partition(":")[0] not in _ROOT:
        return ""
    name = runner.value.partition(":")[0]
    if name in _ROOT:
        return ""
    moved = [found for variable in _SHARED if (found := final.variable_at(variable)) is not None]
    if moved:
        closed = next((each.value for each in moved if (each.value or "").startswith("/root/")), None)
        if closed is None or not is_closed(final, closed):
            return ""
        return f"The container runs as `{name}`, which may not enter `/root` (mode 0700), and does not find it there. "
    return f"The container runs as `{name}`, does not see `/root{fetch.path[1:]}`, and downloads it once more. "
