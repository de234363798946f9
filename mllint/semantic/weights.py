"""What the names of files and folders, and the build context, say about model weights."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mllint.knowledge import artifacts
from mllint.regex import regex

if TYPE_CHECKING:
    from mllint.context import Context, File

#: Git LFS and DVC keep a pointer of this many bytes at most in the place of a large file.
_POINTER = 400
# Expressions that few files need are texts, so that starting does not compile them.
_LFS = regex(r"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?size (\d+)")
_DVC = regex(r"(?m)^\s*-?\s*size: (\d+)$")
_PARAMETERS = regex(r"(?<![A-Za-z0-9.])(\d{1,3}(?:\.\d+)?)[bB](?![A-Za-z0-9])")
#: Files of a general kind count inside a folder only from this size on, in bytes.
_LEAST = 1_000_000


class Weights(NamedTuple):
    """Files with weights; `sure` when their names leave no doubt."""

    #: Relative to the build context; empty when only a name is known.
    files: tuple[str, ...]
    #: In bytes; None when not known.
    size: int | None
    sure: bool


def file_verdict(path: str) -> bool | None:
    """Whether a file holds weights: True when its name leaves no doubt, False when it is likely, None when it isn't."""
    folder, _, name = path.lower().rpartition("/")
    if _is_known_name(name):
        return True
    if not name.endswith(_ENDINGS) or re.search(artifacts.LIGHT_NAMES, name):
        return None
    row = next((row for row in _longest_first() if name.endswith(row.ending)), None)
    if row is not None:
        return True if row.sure else (False if _tells(name[: -len(row.ending)]) or _tells_folder(folder) else None)
    archive = next(ending for ending in artifacts.ARCHIVE_ENDINGS if name.endswith(ending))
    words = re.split(r"[^a-z]+", name.removesuffix(archive).rstrip("0123456789.-_v"))
    return False if words[-1] in _ARCHIVED else None


_ARCHIVED = frozenset({"model", "models", "weights", "checkpoint", "checkpoints", "ckpt", "ckpts", "pretrained"})


_ENDINGS = (*(row.ending for row in artifacts.EXTENSIONS), *artifacts.ARCHIVE_ENDINGS)
_NAMES = tuple(pattern.partition("*") for pattern in artifacts.NAMES)


def _is_known_name(name: str) -> bool:
    return any(name.startswith(head) and name.endswith(tail) if star else name == head for head, star, tail in _NAMES)


@lru_cache(maxsize=1)
def _longest_first() -> tuple[artifacts.Extension, ...]:
    return tuple(sorted(artifacts.EXTENSIONS, key=lambda row: -len(row.ending)))


def _tells(text: str) -> bool:
    """Whether a name has a word that speaks of a model."""
    return bool(re.search(r"model|weight|checkpoint|ckpt|classifier|pretrained", text)) or _has_model_word(text)


def _has_model_word(text: str) -> bool:
    words = re.split(r"[^a-z0-9]+", text)
    return not artifacts.MODEL_WORDS.isdisjoint(words) or any(
        re.sub(r"[vb]?\d+[a-z]?$", "", word) in artifacts.ARCHITECTURES for word in words
    )


def _tells_folder(folder: str) -> bool:
    return any(_folder_name(part) in _TELLING for part in folder.split("/")[-2:])


_TELLING = artifacts.WEIGHT_FOLDERS | {"models", "model"}


def _folder_name(name: str) -> str:
    return name.lower().replace("-", "_")


def folder_verdict(path: str) -> bool | None:
    """Whether a folder holds weights: True for names such as `checkpoints/`, False for `models/`, which may be code."""
    bare = path.rstrip("/*") or "/"
    if bare.endswith((".cache/huggingface", ".cache/torch", "huggingface/hub")):
        return True
    name = _folder_name(posixpath.basename(bare))
    if name in artifacts.WEIGHT_FOLDERS:
        return True
    return False if name in artifacts.MODEL_FOLDERS or name.endswith(("_models", "_model")) else None


def names_model(path: str) -> bool:
    """Whether a word anywhere in a path or URL speaks of a model."""
    return _has_model_word(path.lower())


def url_verdict(url: str) -> bool | None:
    """What `file_verdict` says of a file behind a URL, hubs that keep only models known."""
    bare = re.split(r"[?#]", url.lower())[0].rstrip("/")
    if re.search(r"civitai\.com/api/download/models", bare):
        return True
    name = bare.rpartition("/")[2]
    if name.endswith(artifacts.LIGHT_ENDINGS):
        return None
    path = bare.partition("://")[2].partition("/")[2] if "://" in bare else bare
    verdict = file_verdict(path)
    if verdict is not True and re.search(
        r"(huggingface\.co|hf\.co|hf-mirror\.com)/(?!datasets/|spaces/)[^/]+/.*resolve/", bare
    ):
        return True if any(name.endswith(row.ending) for row in _longest_first()) else verdict
    return verdict


def fetched_verdict(url: str, path: str | None) -> bool | None:
    """What a URL says of a file; where that leaves it open, what the path says where the file lands."""
    verdict = url_verdict(url)
    if verdict is not None or path is None:
        return verdict
    bare = re.split(r"[?#]", url)[0].rstrip("/")
    name = posixpath.basename(bare)
    if "." not in name or bare.count("/") <= 2:
        # The file's name is not in the URL.
        return file_verdict(path)
    return file_verdict(posixpath.join(posixpath.dirname(path), name))


def weights_among(context: Context, files: Iterable[File]) -> Weights:
    """The weights among files of the context."""
    sized = [
        (file.path, size, sure)
        for file in files
        if (sure := file_verdict(file.path)) is not None
        for size in [real_size(context, file)]
        if sure or size >= _LEAST
    ]
    sized.sort(key=lambda row: -row[1])
    return Weights(
        tuple(path for path, _, _ in sized), sum(size for _, size, _ in sized), any(sure for _, _, sure in sized)
    )


def real_size(context: Context, file: File) -> int:
    """The size of a file, or of the file that a Git LFS pointer stands for."""
    if file.size <= _POINTER:
        match = _LFS.match(context.read_text(file.path) or "")
        if match is not None:
            return int(match[1])
    return file.size


def tracked_size(context: Context, path: str) -> int | None:
    """The size of a file that is not there, but whose DVC pointer is."""
    match = _DVC.search(context.read_text(f"{path}.dvc") or "")
    return int(match[1]) if match is not None else None


def known_size(subject: str, tool: str = "") -> int | None:
    """About how many bytes well-known weights have, by their name or by the parameters that it counts."""
    from mllint.knowledge import downloads

    name = re.split(r"[?#]", subject.lower())[0].rstrip("/").rpartition("/")[2]
    if "whisper" in tool.lower():
        return int(downloads.WHISPER_SIZES.get(name, 0)) or None
    size = downloads.SIZES.get(name)
    if size is None:
        size = downloads.SPACY_SIZES.get(name.rpartition("_")[2]) if re.fullmatch(r"[a-z]{2}_\w+_\w+", name) else None
    if size is not None:
        return int(size)
    parameters = _PARAMETERS.search(name)
    if parameters is None or re.search(r"\d+x\d|awq|gptq|gguf|[^a-z]q\d|int4|nf4|4bit|bnb|mxfp4|fp4|exl2", name):
        return None
    # Ollama's library serves four bits per parameter unless the tag says otherwise.
    width = 0.62 if tool.startswith("ollama") else 1 if re.search(r"fp8|int8|w8a8|8bit", name) else 2
    return int(float(parameters[1]) * width * 1e9)


def readable_size(size: int) -> str:
    """`12 kB`, `340 MB`, `2.6 GB`; kilobytes are 1,000 bytes, as registries count."""
    for unit, factor in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= factor:
            amount = size / factor
            return f"{amount:.0f} {unit}" if amount >= 10 or unit != "GB" else f"{amount:.1f} {unit}"
    return f"{size} bytes"
