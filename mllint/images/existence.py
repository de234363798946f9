"""Tags that a publisher never had, or has removed, and the nearest ones that exist."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from mllint.images.accelerated import CudaTag, TorchTag, parse_cuda_tag, parse_torch_tag, torch_line
from mllint.images.names import identify
from mllint.images.reference import ImageReference
from mllint.images.versions import minor, numbers
from mllint.regex import regex

if TYPE_CHECKING:
    from mllint.knowledge.cuda_images import TagSet
    from mllint.knowledge.pytorch_images import Line

_PROPOSALS = 3
_UBUNTU = regex(r"ubuntu(\d+)\.(\d+)")


class MissingTag(NamedTuple):
    """A tag that cannot be pulled."""

    tag: str | None
    """None: no tag is written, and the publisher has no `latest`."""
    kind: str
    """"never" (it never existed) or "deleted"."""
    since: str | None
    """Of a deleted tag: by when it was gone, as a month or a day."""
    reason: str
    """A clause that explains it, fit to follow "because" or a colon."""
    nearest: tuple[str, ...]
    """Tags that exist, the best first; empty when the tables know none."""
    sure: bool


@lru_cache(maxsize=512)
def missing(reference: ImageReference) -> MissingTag | None:
    """Why a tag cannot be pulled; None when it exists, or when the tables do not know.

    References with a digest are not judged (the tag is not what is pulled), nor are private copies of the images.
    """
    name, mirrored = identify(reference)
    if mirrored or reference.digest is not None:
        return None
    tag = reference.tag
    if name == "docker.io/nvidia/cuda":
        found = _cuda(tag)
        # That the tags were deleted was seen on Docker Hub; NVIDIA's own registry has the same list of tags.
        at_home = reference.registry == "docker.io"
        return found if found is None or at_home or found.kind == "never" else found._replace(sure=False)
    if tag is None:
        return None
    if name == "docker.io/pytorch/pytorch":
        return _pytorch(tag)
    if name == "docker.io/tensorflow/tensorflow":
        return _tensorflow(tag)
    if name == "docker.io/library/python":
        return _python(tag)
    if name.startswith("nvcr.io/nvidia/"):
        return _ngc(name.removeprefix("nvcr.io/nvidia/"), tag)
    return None


# nvidia/cuda


def _cuda(tag: str | None) -> MissingTag | None:
    from mllint.knowledge.cuda_images import LATEST_REMOVED

    if tag is None or tag == "latest":
        why = "NVIDIA removed `latest`" if tag else "without a tag it means `latest`, which NVIDIA removed"
        newest = _newest_cuda()
        proposals = tuple(str(newest._replace(flavour=name)) for name in ("base", "runtime", "devel"))
        return MissingTag(tag, "deleted", LATEST_REMOVED, why, proposals, True)
    parts = parse_cuda_tag(tag)
    if parts is None:
        return None
    row = _cuda_row(parts)
    if row is None:
        return _never_cuda(tag, parts)
    if row.status != "deleted":
        return None
    since = _deleted_since(parts.os) if row.sure else None
    return MissingTag(tag, "deleted", since, "NVIDIA deleted it", _nearest_cuda(parts), row.sure)


def _cuda_row(parts: CudaTag) -> TagSet | None:
    """The row of the table that holds a tag."""
    from mllint.knowledge.cuda_images import LATER, TAGS

    flavour = "-".join(filter(None, (parts.library, parts.flavour)))
    os = parts.os or "-"
    rows = (row for row in (*TAGS, *LATER) if row.cuda == parts.cuda)
    return next((row for row in rows if flavour in row.flavours.split() and os in row.oses.split()), None)


def _newest_cuda() -> CudaTag:
    """The newest supported tag of the complete list, on the newest Ubuntu."""
    from mllint.knowledge.cuda_images import TAGS

    rows = [row for row in TAGS if row.status == "supported" and "base" in row.flavours.split()]
    row = max(rows, key=lambda row: numbers(row.cuda))
    return CudaTag(row.cuda, "", "base", min(row.oses.split(), key=_system_rank))


def _deleted_since(os: str) -> str:
    from mllint.knowledge.cuda_images import DELETED_SINCE

    return next(since for suffix, since in DELETED_SINCE if suffix in (os, ""))


def _never_cuda(tag: str, parts: CudaTag) -> MissingTag | None:
    """For a tag that is in no list: whether it can be said that it never existed, and why."""
    from mllint.knowledge.cuda_images import HORIZON, LATER, TAGS

    version = numbers(parts.cuda)
    listed = any(row.cuda == parts.cuda for row in LATER)
    if version > numbers(HORIZON) or listed or _may_be_point_release(version):
        return None
    if version < (11,):
        reason = "NVIDIA deleted the images of CUDA 10 and older"
        return MissingTag(tag, "deleted", _deleted_since(""), reason, _nearest_cuda(parts), True)
    known = any(row.cuda == parts.cuda for row in TAGS)
    reason = _why_never(parts, known)
    # Tags of the newest release may have been added after the list was made.
    sure = version < numbers(HORIZON) or parts.library.startswith("cudnn") or not (parts.flavour and parts.os)
    return MissingTag(tag, "never", None, reason, _nearest_cuda(parts), sure)


def _may_be_point_release(version: tuple[int, ...]) -> bool:
    """Whether it may have come after the list was made: NVIDIA still mends minor versions that are not its newest."""
    from mllint.knowledge.cuda_images import PATCHED_FROM, TAGS

    line = version[:2]
    known = [numbers(row.cuda) for row in TAGS if numbers(row.cuda)[:2] == line]
    return line >= numbers(PATCHED_FROM) and bool(known) and version > max(known)


def _why_never(parts: CudaTag, known: bool) -> str:
    if len(numbers(parts.cuda)) == 2:
        return "tags of nvidia/cuda carry three version numbers"
    if not known:
        return f"there are no images of CUDA {parts.cuda}"
    if not parts.flavour:
        return "tags of nvidia/cuda name a flavour (base, runtime or devel)"
    if not parts.os:
        return "tags of nvidia/cuda end in the operating system"
    same = [other for other in _existing_cuda() if (other.cuda, other.os) == (parts.cuda, parts.os)]
    if not same:
        return f"CUDA {parts.cuda} has no images on {parts.os}"
    if parts.library and not any(other.library for other in same):
        return f"CUDA {parts.cuda} has no {parts.library.rstrip('0123456789')} images on {parts.os}"
    if parts.library:
        names = sorted({other.library for other in same if other.library})
        if parts.library not in names:
            return f"for CUDA {parts.cuda} the suffix is {' or '.join(names)}"
    return f"CUDA {parts.cuda} has no such image on {parts.os}"


@lru_cache(maxsize=1)
def _existing_cuda() -> tuple[CudaTag, ...]:
    """All tags that can be pulled."""
    from mllint.knowledge.cuda_images import LATER, TAGS

    found = []
    for row in (*TAGS, *LATER):
        if row.status != "deleted":
            for kind in row.flavours.split():
                library, _, flavour = kind.rpartition("-")
                found += [CudaTag(row.cuda, library, flavour, "" if os == "-" else os) for os in row.oses.split()]
    return tuple(found)


def _nearest_cuda(wanted: CudaTag) -> tuple[str, ...]:
    """Existing tags of the same flavour, by how far their CUDA and then their system are away."""
    version = (*numbers(wanted.cuda), 0, 0)[:3]
    flavour = wanted.flavour or "base"

    def distance(other: CudaTag) -> tuple[object, ...]:
        there = (*numbers(other.cuda), 0, 0)[:3]
        # A minor version counts 1, a major one as much as there are minor versions; of two equals the newer is taken.
        releases = abs((there[0] - version[0]) * 12 + there[1] - version[1])
        elsewhere = bool(wanted.os) and other.os != wanted.os
        return (releases, elsewhere, abs(there[2] - version[2]), _system_rank(other.os), tuple(-n for n in there))

    def same_kind(other: CudaTag) -> bool:
        return other.flavour == flavour and bool(other.library) == bool(wanted.library)

    return tuple(str(parts) for parts in sorted(filter(same_kind, _existing_cuda()), key=distance)[:_PROPOSALS])


def _system_rank(os: str) -> tuple[int, ...]:
    """Ubuntu first, its newest release first."""
    found = _UBUNTU.fullmatch(os)
    return (0, -int(found[1])) if found else (1, 0)


# pytorch/pytorch


def _pytorch(tag: str) -> MissingTag | None:
    from mllint.knowledge.torch import HORIZON, RELEASES, release

    parts = parse_torch_tag(tag)
    version = numbers(parts.torch) if parts else ()
    if parts is None or version > numbers(HORIZON) or version < numbers(RELEASES[0].version):
        return None
    line = torch_line(parts.torch)
    nearest = _nearest_torch(parts)
    if not (parts.cuda and parts.cudnn and parts.flavour):
        reason = "tags of pytorch/pytorch read <version>-cuda<X.Y>-cudnn<N>-<runtime or devel>"
        return MissingTag(tag, "never", None, reason, nearest, False)
    if len(version) == 2:
        # The two oldest lines of the table were published with two numbers.
        three = "tags of pytorch/pytorch carry three version numbers"
        return None if version <= (1, 5) else MissingTag(tag, "never", None, three, nearest, False)
    if release(parts.torch) is None:
        return MissingTag(tag, "never", None, f"there is no PyTorch {parts.torch}", nearest, True)
    return _wrong_torch_parts(tag, parts, line, nearest) if line is not None else None


def _wrong_torch_parts(tag: str, parts: TorchTag, line: Line, nearest: tuple[str, ...]) -> MissingTag | None:
    """For a release that exists: whether its images were ever built with this CUDA and cuDNN."""
    from mllint.knowledge.torch import variants

    if parts.cuda not in line.cudas.split():
        built = {row.cuda: row.sure for row in variants(parts.torch) if row.cuda}
        if parts.cuda in built:
            reason = f"its images are built for CUDA {_alternatives(line.cudas.split())}"
            return MissingTag(tag, "never", None, reason, nearest, False)
        reason = f"PyTorch {parts.torch} was never built for CUDA {parts.cuda}"
        # Before 1.12 the list of builds rests on one source.
        return MissingTag(tag, "never", None, reason, nearest, numbers(parts.torch) >= (1, 12))
    if parts.cudnn not in line.cudnns.split():
        reason = f"its images carry cuDNN {_alternatives(line.cudnns.split())}"
        return MissingTag(tag, "never", None, reason, nearest, line.sure_tags and numbers(parts.torch) >= (2, 1))
    return None


def _alternatives(words: list[str]) -> str:
    """Joins words: "11.8", "11.8 or 12.1", "11.8, 12.4 or 12.6"."""
    return " or ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else words[0]


def _nearest_torch(parts: TorchTag) -> tuple[str, ...]:
    """Tags of the same release (or the newest of its minor version), by how far their CUDA is away."""
    from mllint.knowledge.torch import RELEASES

    same = [row.version for row in RELEASES if minor(row.version) == minor(parts.torch)]
    if not same:
        return ()
    version = parts.torch if parts.torch in same else same[-1]
    line = torch_line(version)
    if line is None:
        return ()
    wanted = numbers(parts.cuda or line.cudas.split()[-1])

    def distance(cuda: str) -> tuple[int, int]:
        there = numbers(cuda)
        return abs(there[0] - wanted[0]), abs(there[1] - wanted[1])

    cudnn = parts.cudnn if parts.cudnn in line.cudnns.split() else line.cudnns.split()[-1]
    flavour = parts.flavour or "runtime"
    return tuple(
        str(TorchTag(version, cuda, cudnn, flavour)) for cuda in sorted(line.cudas.split(), key=distance)[:_PROPOSALS]
    )


# tensorflow/tensorflow, python, NGC


def _tensorflow(tag: str) -> MissingTag | None:
    from mllint.knowledge.tensorflow_images import HORIZON, LAST_PY3_SUFFIX, RELEASES

    match = re.fullmatch(r"(\d+\.\d+\.\d+)((?:-(?:gpu|jupyter|py3))*)", tag)
    version = numbers(match[1]) if match else ()
    if match is None or version > numbers(HORIZON) or version < numbers(RELEASES[0].version):
        return None
    patches = [numbers(row.version) for row in RELEASES if minor(row.version) == version[:2]]
    if version not in patches:
        nearest = (f"{'.'.join(map(str, patches[-1]))}{match[2]}",) if patches else ()
        # A hole between two releases may be one that was withdrawn from the index.
        sure = not patches or version > max(patches)
        return MissingTag(tag, "never", None, f"there is no TensorFlow {match[1]}", nearest, sure)
    if "-py3" in match[2] and version > numbers(LAST_PY3_SUFFIX):
        reason = "the -py3 suffix ended with TensorFlow 2.1"
        return MissingTag(tag, "never", None, reason, (tag.replace("-py3", ""),), False)
    return None


def _python(tag: str) -> MissingTag | None:
    """For `python:<version>-<suite>`: whether that version was ever built on that Debian or Alpine."""
    from mllint.knowledge.python_releases import IMAGE_VARIANTS

    match = re.fullmatch(r"(\d+\.\d+)(?:\.\d+)?-((?:slim-)?[a-z]+|alpine3\.\d+)", tag)
    row = next((row for row in IMAGE_VARIANTS if match and row.version == match[1]), None)
    if match is None or row is None:
        return None
    suffix, known = match[2], row.suffixes.split()
    suites = {word.removeprefix("slim-") for other in IMAGE_VARIANTS for word in other.suffixes.split()}
    suite = suffix.removeprefix("slim-")
    version = tag.removesuffix(f"-{suffix}")
    if suffix in known:
        return None if _was_built(version, suite) else _too_old(version, suffix, known)
    if suite not in suites or numbers(row.version) < (3, 6):
        return None
    if suite.startswith("alpine"):
        newest = max(numbers(word.removeprefix("alpine")) for word in suites if word.startswith("alpine"))
        if numbers(suite.removeprefix("alpine")) >= newest:
            return None
    reason = f"Python {match[1]} was never built on {suite}"
    return MissingTag(tag, "never", None, reason, _elsewhere(version, suffix, known), True)


def _was_built(version: str, suite: str) -> bool:
    """Whether a point release is no older than the system's images; of a minor version the newest one is meant."""
    from mllint.knowledge.python_releases import FIRST_BUILT

    words = next((row.versions for row in FIRST_BUILT if row.suite == suite), "").split()
    first = next((word for word in words if minor(word) == minor(version)), None)
    return first is None or version.count(".") < 2 or numbers(version) >= numbers(first)


def _too_old(version: str, suffix: str, known: Sequence[str]) -> MissingTag:
    line = ".".join(version.split(".")[:2])
    reason = f"Python {version} is older than the images on {suffix.removeprefix('slim-')}"
    nearest = (f"{line}-{suffix}", *_elsewhere(version, suffix, known))[:_PROPOSALS]
    return MissingTag(f"{version}-{suffix}", "never", None, reason, nearest, True)


def _elsewhere(version: str, suffix: str, known: Iterable[str]) -> tuple[str, ...]:
    """The tags of a version on the other systems that it was built on, the newest first."""
    if suffix.startswith("alpine"):
        same = [word for word in known if word.startswith("alpine")]
    else:
        same = [word for word in known if word.startswith("slim-") == suffix.startswith("slim-")]
        same = [word for word in same if not word.startswith("alpine")]
    built = [word for word in same if word != suffix and _was_built(version, word.removeprefix("slim-"))]
    return tuple(f"{version}-{word}" for word in sorted(built, key=_suite_age, reverse=True)[:_PROPOSALS])


def _suite_age(suffix: str) -> tuple[int, ...]:
    """A key that puts the oldest suite first."""
    from mllint.images.systems import release_of

    suite = suffix.removeprefix("slim-")
    return numbers(suite.removeprefix("alpine")) or numbers(release_of("debian", suite) or "0")


def _ngc(framework: str, tag: str) -> MissingTag | None:
    """NGC's frameworks: no `latest`, and every tag says which Python stack it has."""
    if framework not in ("pytorch", "tensorflow", "tritonserver", "tensorrt"):
        return None
    if tag == "latest":
        return MissingTag(tag, "never", None, "NGC publishes no `latest` of it", (), False)
    match = re.fullmatch(r"(\d\d)\.(\d\d)(-.*)?", tag)
    if match is None:
        return None
    if not 1 <= int(match[2]) <= 12:
        return MissingTag(tag, "never", None, "NGC tags are a year and a month", (), True)
    suffix = "-tf2-py3" if framework == "tensorflow" else "-py3"
    if match[3] is None:
        return MissingTag(tag, "never", None, f"NGC tags end in {suffix}", (f"{tag}{suffix}",), False)
    return None
