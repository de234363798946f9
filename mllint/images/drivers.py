"""Which NVIDIA driver a CUDA needs, and what a driver runs: minor version and forward compatibility, the start gate."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from mllint.images.versions import minor, numbers

if TYPE_CHECKING:
    from mllint.knowledge.cuda_driver import Branch, Gate


class Rule(Enum):
    """What makes a driver the least one."""

    MINOR_VERSION = "minor version compatibility"
    """Any driver that runs the first toolkit of the major version starts the later ones (CUDA 11 and newer)."""
    TOOLKIT = "toolkit"
    """The driver that was released with the toolkit: no compatibility inside the major (CUDA 10 and older)."""


class DriverNeed(NamedTuple):
    """The Linux drivers that a CUDA version asks for."""

    cuda: str
    minimum: str
    """The oldest driver on which it starts."""
    native: str | None
    """The driver that it was released with: every feature works, and PTX of its compiler loads. None: not known."""
    rule: Rule
    sure: bool


class Outcome(Enum):
    """Whether a CUDA version runs on a driver."""

    RUNS = "runs"
    MINOR_VERSION = "runs by minor version compatibility"
    """Code that is only there as PTX of the newer toolkit fails to load, and new features are refused."""
    NEEDS_COMPAT = "needs cuda-compat"
    """Runs on data-centre GPUs only, and only where the cuda-compat package is in the image (nvidia/cuda has it)."""
    FAILS = "does not run"
    UNKNOWN = "unknown"


class Verdict(NamedTuple):
    """What comes of a CUDA version on a driver, with the figures for a message."""

    outcome: Outcome
    cuda: str
    driver: str
    need: DriverNeed | None
    branch: int | None
    """The branch of the driver: 535."""
    driver_cuda: str | None
    """The CUDA version that nvidia-smi prints for the branch: "12.2"."""


def least_driver(cuda: str) -> DriverNeed | None:
    """The least Linux driver of a CUDA version ("12.4", "11.8.0"); None when the tables do not reach it.

    A major version alone ("12", all that some wheels say of themselves) has that of its minor version compatibility.
    """
    version = minor(cuda)
    if version is None:
        return _of_major(cuda)
    native, sure = _native(cuda)
    minimum = _minor_minimum(version)
    if minimum is not None:
        return DriverNeed(cuda, minimum, native, Rule.MINOR_VERSION, sure)
    if version >= (11, 0) or native is None:
        return None
    return DriverNeed(cuda, native, native, Rule.TOOLKIT, sure)


def runs_on(cuda: str, driver: str) -> Verdict:
    """Whether a CUDA version ("12.4.1") runs on a Linux driver ("535.104.05", or a branch alone: "535", "R535").

    A branch alone stands for its newest driver. The answer is about CUDA itself: what a container runtime refuses to
    start is asked of `start_gate`.
    """
    bare = driver.strip().removeprefix("R").removeprefix("r")
    have = numbers(bare)
    need = least_driver(cuda)
    row = _branch(have[0]) if have else None
    outcome = Outcome.UNKNOWN if need is None or not have else _outcome(need, have)
    return Verdict(outcome, cuda, bare, need, have[0] if have else None, row.max_cuda if row else None)


def _outcome(need: DriverNeed, have: tuple[int, ...]) -> Outcome:
    native = need.native
    if native is not None and _reaches(have, native):
        return Outcome.RUNS
    row = _branch(have[0])
    wanted = minor(need.cuda)
    if native is None and row is not None and wanted is not None and numbers(row.max_cuda) >= wanted:
        return Outcome.RUNS
    if _reaches(have, need.minimum):
        return Outcome.MINOR_VERSION if need.rule is Rule.MINOR_VERSION else Outcome.RUNS
    return Outcome.NEEDS_COMPAT if have[0] in _compat_branches(need.cuda) else Outcome.FAILS


def _reaches(have: tuple[int, ...], least: str) -> bool:
    """Whether a driver is at least another; a branch alone is as good as its newest driver."""
    wanted = numbers(least)
    return have[0] >= wanted[0] if len(have) == 1 else have >= wanted


class StartGate(NamedTuple):
    """Whether the container runtime starts an nvidia/cuda image of a CUDA version on a driver."""

    starts: bool
    requires: str
    """The CUDA version that the driver must report: "12.4"."""
    branches: tuple[int, ...]
    """Older branches that are accepted as well."""


def start_gate(cuda: str, driver: str) -> StartGate | None:
    """What NVIDIA_REQUIRE_CUDA of an nvidia/cuda image says to a driver; None when the tables do not know.

    Only the runtime's legacy and csv modes check it; with CDI (the default since toolkit 1.18), or with
    NVIDIA_DISABLE_REQUIRE set, the container starts and CUDA itself decides. It is stricter than CUDA: a branch that is
    not listed is refused although minor version compatibility would run it. NGC's framework images do not use it.
    """
    have = numbers(driver.strip().lstrip("Rr"))
    gate = _gate(cuda)
    row = _branch(have[0]) if have else None
    wanted = minor(cuda)
    if gate is None or row is None or wanted is None:
        return None
    starts = numbers(row.max_cuda) >= wanted or have[0] in gate.older_branches
    return StartGate(starts, ".".join(map(str, wanted)), gate.older_branches)


def start_requirement(cuda: str) -> tuple[str, tuple[int, ...]] | None:
    """The CUDA that NVIDIA_REQUIRE_CUDA of an nvidia/cuda image asks the driver for, and older branches that pass too.

    None when the tables do not know. See `start_gate` for when it is checked.
    """
    gate, wanted = _gate(cuda), minor(cuda)
    if gate is None or wanted is None:
        return None
    return ".".join(map(str, wanted)), gate.older_branches


def _native(cuda: str) -> tuple[str | None, bool]:
    """The driver released with a toolkit, and whether that is sure.

    "12.4" is the first toolkit of that minor version. A point release whose driver was not found has at least that of
    the one before, which is not sure to be enough.
    """
    from mllint.knowledge.cuda_driver import TOOLKITS

    wanted = numbers(cuda)
    rows = [row for row in TOOLKITS if numbers(row.cuda)[:2] == wanted[:2] and row.driver]
    exact = next((row for row in rows if numbers(row.cuda)[: len(wanted)] == wanted), None)
    if exact is not None:
        return exact.driver, exact.sure
    before = [row for row in rows if numbers(row.cuda) <= wanted]
    return (before[-1].driver, False) if before else (None, False)


def _of_major(cuda: str) -> DriverNeed | None:
    from mllint.knowledge.cuda_driver import MINOR_MINIMA

    rows = [row for row in MINOR_MINIMA if numbers(row.first)[:1] == numbers(cuda)] if numbers(cuda) else []
    return DriverNeed(cuda, rows[-1].driver, None, Rule.MINOR_VERSION, True) if rows else None


def _minor_minimum(version: tuple[int, int]) -> str | None:
    from mllint.knowledge.cuda_driver import MINOR_MINIMA

    for row in MINOR_MINIMA:
        if numbers(row.first) <= version <= numbers(row.last):
            return row.driver
    return None


def _branch(number: int) -> Branch | None:
    from mllint.knowledge.cuda_driver import BRANCHES

    return next((row for row in BRANCHES if row.number == number), None)


def _gate(cuda: str) -> Gate | None:
    """The row of a CUDA version: its own, or that of the newest image of its minor version."""
    from mllint.knowledge.cuda_driver import GATES

    rows = [row for row in GATES if minor(row.cuda) == minor(cuda)]
    return next((row for row in rows if row.cuda == cuda), rows[-1] if rows else None)


def _compat_branches(cuda: str) -> tuple[int, ...]:
    """Older branches on which cuda-compat carries a CUDA version: those that its own images accept."""
    from mllint.knowledge.cuda_driver import COMPAT_SINCE, GATES

    version = minor(cuda)
    if version is None or version < numbers(COMPAT_SINCE):
        return ()
    # Gates tighten when images are rebuilt: what any image of the minor version accepts can be carried.
    known = min(version, numbers(GATES[-1].cuda)[:2])
    return tuple({branch: None for row in GATES if minor(row.cuda) == known for branch in row.older_branches})
