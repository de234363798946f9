"""The frameworks of an image, and the CUDA that each of them will really use: its own, or the image's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple, Protocol

from mllint.finding import Related
from mllint.images.versions import numbers
from mllint.regex import regex
from mllint.semantic.fact import Fact, Origin

if TYPE_CHECKING:
    from mllint.semantic.inventory import Package
    from mllint.semantic.toolchain import Moment
    from mllint.source import Span


class Framework(NamedTuple):
    """A framework in an image."""

    #: "torch", "tensorflow", "jax", "onnxruntime", "cupy" …, or the package's own name.
    name: str
    package: Package
    version: Fact[str] | None
    #: "cuda", "cpu", "rocm"; None when not known.
    build: str | None = None
    #: The CUDA that it will use: "12.1", or the major alone ("12") where that is all that it asks for.
    cuda: Fact[str] | None = None
    #: Whether it brings CUDA's libraries; False: it loads the image's.
    bundles_cuda: bool | None = None
    #: The cuDNN that it brings or needs.
    cudnn: Fact[str] | None = None
    #: Whether it needs a cuDNN from outside of it; None when not known.
    needs_system_cudnn: bool | None = None
    #: The compute capabilities that it has code for ("9.0", "12.0+PTX"); None when not known.
    architectures: tuple[str, ...] | None = None
    #: What is worth knowing where the values are not: text for people, never for a rule.
    note: str = ""
    #: False: it rests in part on memory or inference, never enough for an error.
    sure: bool = True

    @property
    def label(self) -> str:
        """Its name with the version, as a message says it: "torch 2.1.0+cu121"."""
        if self.version is None:
            return self.package.name
        variant = self.package.variant
        local = f"+{variant}" if variant and "+" not in self.version.value and self._named else ""
        return f"{self.package.name} {self.version.value}{local}"

    @property
    def _named(self) -> bool:
        """Whether the variant belongs to the name of the wheel, not to an image or a conda build."""
        return self.package.ecosystem == "python" and self.package.origin is not Origin.INHERITED


#: Those of whose CUDA nothing is said: parts that come with a framework, and CUDA's own libraries.
_PARTS = ("nvidia-", "cuda-", "torchvision", "torchaudio", "torchtext", "jaxlib", "jax-cuda")
#: Built for the torch beside them, whose libraries they use.
_ON_TORCH = frozenset({"vllm", "sglang", "xformers", "deepspeed", "lmdeploy", "tensorrt-llm"})


def frameworks_of(moment: Moment) -> tuple[Framework, ...]:
    """The frameworks that are there, in the order in which they are installed."""
    found = (framework_of(package, moment) for package in moment.inventory.packages if package.ecosystem != "system")
    known = tuple(each for each in found if each is not None)
    torch = next((each for each in known if each.name == "torch"), None)
    return tuple(_on_torch(each, torch) if each.name in _ON_TORCH else each for each in known)


def framework_of(package: Package, moment: Moment) -> Framework | None:
    """The framework that a package is; None for other packages."""
    name = package.identity
    if name == "torch":
        from mllint.semantic.torch_builds import read_torch

        found: Framework | None = read_torch(package, moment)
    elif name in _READERS:
        found = _READERS[name](package, moment)
    elif name in _ON_TORCH:
        found = Framework(name, package, exact(package))
    elif name.startswith(_PARTS):
        return None
    else:
        found = _by_name(package)
    return found._replace(sure=found.sure and package.sure) if found is not None else None


class Dated(Protocol):
    """A row of a table of releases, oldest first."""

    @property
    def version(self) -> str:
        """The release."""
        ...

    @property
    def pythons(self) -> str:
        """The Pythons that it has wheels for, separated by blanks."""
        ...


def exact(
    package: Package, releases: Iterable[Dated] = (), *, published: Callable[[str], bool] | None = None
) -> Fact[str] | None:
    """The version that is installed: the exact one, or the newest release that the specifier and Python let through.

    None where they let the newest of the table through: what is newer than the table may be taken then. `published`
    says which releases the package's index has, where it has not all of them.
    """
    if package.version is not None:
        reason = f"brought by {package.via}" if package.via else ""
        return Fact(package.version, package.span, package.origin, reason, sure=package.sure)
    known = tuple(releases)
    if not known or package.ecosystem != "python" or package.origin is Origin.INHERITED or _is_of_a_pin(package):
        return None
    python = python_of(package)
    on_index = [row for row in known if published is None or published(row.version)]
    fitting = [row.version for row in on_index if python is None or python in row.pythons.split()]
    from mllint.packages.specifiers import newest_allowed

    newest = newest_allowed(package.specifier, fitting) if package.specifier else fitting[-1] if fitting else None
    if newest is None or newest == known[-1].version:
        return None
    limits = [f"`{package.specifier}`"] if package.specifier else []
    limits += [f"Python {python}"] if len(fitting) < len(on_index) else []
    limits += ["the index"] if len(on_index) < len(known) else []
    reason = f"the newest for {' and '.join(limits)}"
    return Fact(newest, package.span, Origin.DERIVED, reason, sure=False)


def _is_of_a_pin(package: Package) -> bool:
    """Whether a pinned package brings it whose own bounds are not known: `tensorrt-llm==0.8.0` brings an old torch."""
    if not package.via or package.specifier or package.installation is None:
        return False
    named = (each for each in package.installation.wanted if each.requirement.name == package.via)
    return any(each.version is not None for each in named)


def python_of(package: Package) -> str | None:
    """The Python that a package is installed for: "3.11"; None when not known."""
    python = package.installation.environment.python if package.installation is not None else None
    return minor_of(python.value) if python is not None else None


def minor_of(version: str) -> str:
    """The first two numbers of a version: "12.1" of "12.1.105"."""
    return ".".join(version.split(".")[:2])


def known(value: str, package: Package, reason: str, *, sure: bool = True) -> Fact[str]:
    span = variant_place(package)[0] or package.span
    return Fact(value, span, Origin.KNOWLEDGE, reason, sure=sure and package.sure)


def variant_place(package: Package) -> tuple[Span | None, tuple[Related, ...]]:
    """The characters that choose a package's build ("cu121"), in its version or in an index; None when none do."""
    variant, span = package.variant, package.span
    if variant is None or span is None or package.origin is Origin.INHERITED:
        return None, ()
    at = span.text.rfind(f"+{variant}") + 1
    if at > 0:
        return span.source.span(span.start + at, span.start + at + len(variant)), ()
    indexes = package.installation.indexes if package.installation is not None else ()
    index = next((each for each in indexes if variant in (each.variant, each.build)), None)
    return (index.span, index.related) if index is not None else (None, ())


def _extras(package: Package) -> frozenset[str]:
    """The extras that the package is asked for with, as its ecosystem compares them."""
    wanted = package.installation.wanted if package.installation is not None else ()
    same = (each.requirement for each in wanted if each.requirement.name == package.name)
    return frozenset(extra.lower().replace("_", "-") for requirement in same for extra in requirement.extras)


def _ships(package: Package, moment: Moment, *names: str) -> bool:
    """Whether one of the packages is in the same environment: a lock lists what an extra brought."""
    return any(moment.inventory.get(name, package.environment) is not None for name in names)


# The others


def _tensorflow(package: Package, moment: Moment) -> Framework:
    from mllint.knowledge import tensorflow

    version = exact(package, tensorflow.RELEASES)
    plain = Framework("tensorflow", package, version)
    if package.name in ("tensorflow-cpu", "intel-tensorflow", "tensorflow-intel"):
        return plain._replace(build="cpu", needs_system_cudnn=False)
    if package.origin is Origin.INHERITED:
        return _of_base(plain, moment)
    if package.ecosystem == "conda":
        return plain._replace(sure=False)
    brings = "and-cuda" in _extras(package) or _ships(package, moment, "nvidia-cudnn-cu12", "nvidia-cudnn-cu11")
    if version is None:
        return plain._replace(
            build="cuda",
            bundles_cuda=brings,
            needs_system_cudnn=not brings,
            note="" if brings else "without [and-cuda] it uses the image's CUDA and cuDNN, else the CPU",
        )
    row = tensorflow.release(version.value)
    old = tensorflow.gpu_release(version.value) if package.name == "tensorflow-gpu" else None
    asked = (old.cuda, old.cudnn) if old is not None else (row.cuda, row.cudnn) if row is not None else None
    if asked is None:
        return plain
    if old is None and row is not None and not row.gpu and package.name == "tensorflow":
        return plain._replace(build="cpu", needs_system_cudnn=False)
    pinned = (row.cuda_pin, row.cudnn_pin) if row is not None and brings and row.cuda_pin else None
    cuda, cudnn = pinned or asked
    reason = (
        f"tensorflow {version.value}[and-cuda] pins it" if pinned else f"tensorflow {version.value} is built for it"
    )
    return plain._replace(
        build="cuda",
        cuda=known(minor_of(_least(cuda)), package, reason, sure=version.sure),
        bundles_cuda=brings,
        cudnn=known(_least(cudnn), package, reason, sure=version.sure),
        needs_system_cudnn=not brings,
        sure=version.sure,
    )


def _least(pin: str) -> str:
    """An exact pin as it is; of a range ("<13.0,>=12.5") the major version, which is all that is certain."""
    if pin[:1].isdigit():
        return pin
    lower = re.search(r">=(\d+)", pin)
    return lower[1] if lower is not None else pin


def _of_base(plain: Framework, moment: Moment) -> Framework:
    """A framework that the base image ships, with the image's own CUDA."""
    from mllint.semantic.toolchain import image_fact

    base = moment.stage.base
    if base is None or base.gpu != "cuda":
        return plain._replace(build=base.gpu if base is not None and base.gpu == "cpu" else None)
    cuda = image_fact(moment.stage, base.cuda, "cuda", reason=f"{base.family} image") if base.cuda else None
    cudnn = image_fact(moment.stage, base.cudnn, "cudnn") if base.cudnn else None
    return plain._replace(build="cuda", cuda=cuda, bundles_cuda=False if cuda else None, cudnn=cudnn, sure=False)


def _jax(package: Package, moment: Moment) -> Framework:
    from mllint.knowledge import jax

    version = exact(package, jax.RELEASES)
    plain = Framework("jax", package, version)
    if package.ecosystem == "conda" or package.origin is Origin.INHERITED:
        return _of_base(plain, moment) if package.origin is Origin.INHERITED else plain._replace(sure=False)
    extras = [row for row in map(jax.extra, sorted(_extras(package))) if row is not None and row.name != "tpu"]
    for major in ("12", "13"):
        if not extras and _ships(package, moment, f"jax-cuda{major}-plugin"):
            local = not _ships(package, moment, f"nvidia-cudnn-cu{major}")
            extras = [row for row in (jax.extra(f"cuda{major}-local" if local else f"cuda{major}"),) if row is not None]
    if not extras:
        return _jaxlib(plain, moment)
    row = extras[0]
    cuda = known(row.cuda, package, f"jax[{row.name}]", sure=row.sure) if row.cuda is not None else None
    return plain._replace(
        build="cuda", cuda=cuda, bundles_cuda=not row.local, needs_system_cudnn=row.local, sure=row.sure
    )


_JAXLIB = regex(r"\+cuda(\d+)\.cudnn(\d)(\d*)$")


def _jaxlib(plain: Framework, moment: Moment) -> Framework:
    """jax without an extra: the jaxlib beside it decides, whose builds for CUDA (to 0.4.28) have it in their version.

    `jaxlib==0.4.26+cuda12.cudnn89` loads the CUDA 12 and the cuDNN 8.9 of the image.
    """
    jaxlib = moment.inventory.get("jaxlib", plain.package.environment)
    match = _JAXLIB.search(jaxlib.version or "") if jaxlib is not None else None
    if jaxlib is None or match is None:
        return plain._replace(build="cpu", needs_system_cudnn=False)
    reason = f"jaxlib {jaxlib.version} is built for it"
    cudnn = f"{match[2]}.{match[3]}" if match[3] else match[2]
    return plain._replace(
        build="cuda",
        cuda=known(match[1], jaxlib, reason, sure=jaxlib.sure),
        bundles_cuda=False,
        cudnn=known(cudnn, jaxlib, reason, sure=jaxlib.sure),
        needs_system_cudnn=True,
        sure=plain.sure and jaxlib.sure,
    )


def _onnxruntime(package: Package, _moment: Moment) -> Framework:
    from mllint.knowledge import onnxruntime

    gpu = package.name == "onnxruntime-gpu"
    version = exact(package, onnxruntime.RELEASES if gpu else ())
    plain = Framework("onnxruntime", package, version)
    if not gpu:
        return plain._replace(build="cpu" if package.name == "onnxruntime" else None, needs_system_cudnn=False)
    row = onnxruntime.release(version.value) if version is not None else None
    brings = "cuda" in _extras(package)
    found = plain._replace(build="cuda", bundles_cuda=brings, needs_system_cudnn="cudnn" not in _extras(package))
    if row is None or version is None:
        newest = onnxruntime.newest()
        latest = f"{newest.version}, the newest on {onnxruntime.CHECKED}"
        note = f"no version is fixed: {latest}, loads CUDA {newest.cuda_major}"
        return found._replace(note=note if version is None else "")
    reason = f"onnxruntime-gpu {row.version} links it"
    return found._replace(
        cuda=known(row.cuda_major, package, reason, sure=version.sure),
        cudnn=known(row.cudnn_major, package, reason, sure=version.sure),
        sure=version.sure,
    )


def _paddle(package: Package, _moment: Moment) -> Framework:
    plain = Framework("paddlepaddle", package, exact(package))
    if package.name == "paddlepaddle":
        return plain._replace(build="cpu", needs_system_cudnn=False)
    release, _, post = (package.version or "").partition(".post")
    if not re.fullmatch(r"\d{2,3}", post):
        return plain._replace(build="cuda", sure=False)
    reason = f"the build .post{post}"
    if numbers(release)[0] < 2:
        # Before 2.0 the last digit was cuDNN's: post107 is CUDA 10 with cuDNN 7.
        cuda, cudnn = known(post[:-1], package, reason), known(post[-1], package, reason)
        return plain._replace(build="cuda", cuda=cuda, cudnn=cudnn, bundles_cuda=False, needs_system_cudnn=True)
    return plain._replace(build="cuda", cuda=known(f"{post[:-1]}.{post[-1]}", package, reason), bundles_cuda=None)


def _by_name(package: Package) -> Framework | None:
    """Packages that say their CUDA in their name: cupy-cuda12x, cudf-cu12, mxnet-cu112, tensorrt-cu12."""
    from mllint.knowledge import cuda_packages, cupy

    if package.ecosystem != "python":
        return None
    row = cupy.package(package.name)
    major = cuda_packages.cuda_of(package.name, package.version)
    digits = re.search(r"cu(?:da)?(\d\d?)(\d)$", package.name)
    if digits is not None and digits[1] == major:
        major = f"{digits[1]}.{digits[2]}"
    if major is None and row is None:
        return None
    name = package.name.split("-cu")[0]
    plain = Framework(name, package, exact(package), "cuda")
    if row is not None and not row.cuda:
        return plain._replace(bundles_cuda=False, needs_system_cudnn=None, note="compiled with the image's nvcc")
    single = row.cuda if row is not None and row.cuda.count(".") == 1 and not row.cuda.endswith("x") else major
    sure = row is None or row.sure
    cuda = known(single, package, f"the name {package.name}", sure=sure) if single is not None else None
    brings = "ctk" in _extras(package) if row is not None else None
    return plain._replace(cuda=cuda, bundles_cuda=brings, sure=sure)


def _on_torch(found: Framework, torch: Framework | None) -> Framework:
    """vllm and its like use the CUDA of the torch that they are built for."""
    if torch is None or torch.package.environment != found.package.environment or torch.cuda is None:
        return found
    cuda = Fact(torch.cuda.value, found.package.span, Origin.DERIVED, f"that of {torch.label}", sure=torch.cuda.sure)
    return found._replace(build=torch.build, cuda=cuda, needs_system_cudnn=False)


_READERS: dict[str, Callable[[Package, Moment], Framework]] = {
    "tensorflow": _tensorflow,
    "tensorflow-gpu": _tensorflow,
    "tensorflow-cpu": _tensorflow,
    "jax": _jax,
    "onnxruntime": _onnxruntime,
    "onnxruntime-gpu": _onnxruntime,
    "paddlepaddle": _paddle,
    "paddlepaddle-gpu": _paddle,
}
