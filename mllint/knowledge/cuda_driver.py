# ruff: noqa: E501
"""CUDA toolkits, the Linux drivers that they need, and what the drivers and the images allow."""

from __future__ import annotations

from typing import NamedTuple

SOURCE = (
    "CUDA Toolkit release notes, table of toolkit driver versions (docs.nvidia.com/cuda/cuda-toolkit-release-notes)",
    "CUDA Compatibility: minor version compatibility, forward compatibility (docs.nvidia.com/deploy/cuda-compatibility)",
    "NVIDIA_REQUIRE_CUDA in the Dockerfiles of the NVIDIA container-images/cuda repository, 2025-12-15",
    "endoflife.date, products/nvidia-driver, 2026-08-22",
)
CHECKED = "2026-11-20"
HORIZON = "13.4"
"""The newest CUDA with a known driver; what is newer is unknown."""


class Toolkit(NamedTuple):
    """A CUDA toolkit and the Linux driver released with it (all features, no compatibility mode); None: not found."""

    cuda: str
    driver: str | None
    sure: bool = True


class MinorMinimum(NamedTuple):
    """The oldest Linux driver on which every toolkit of a range starts (minor version compatibility)."""

    first: str
    last: str
    driver: str


class Branch(NamedTuple):
    """A driver branch, the CUDA version that nvidia-smi prints for it, and the day its support ended or ends."""

    number: int
    max_cuda: str
    kind: str | None
    ends: str | None
    sure: bool = True


class Gate(NamedTuple):
    """What an nvidia/cuda image asks of the driver at start: its own CUDA version, or one of the older branches."""

    cuda: str
    older_branches: tuple[int, ...]
    geforce: bool
    """Whether GeForce boards are listed for the older branches too."""


# fmt: off
TOOLKITS = (
    Toolkit("9.0.76", "384.81"),
    Toolkit("9.1.85", "390.46"),
    Toolkit("9.2.88", "396.26"),
    Toolkit("9.2.148", "396.37"),
    Toolkit("10.0.130", "410.48"),
    Toolkit("10.1", "418.39"),
    Toolkit("10.2.89", "440.33"),
    Toolkit("11.0.1", "450.36.06"),
    Toolkit("11.0.2", "450.51.05"),
    Toolkit("11.0.3", "450.51.06"),
    Toolkit("11.1.0", "455.23"),
    Toolkit("11.1.1", "455.32"),
    Toolkit("11.2.0", "460.27.03"),
    Toolkit("11.2.1", "460.32.03"),
    Toolkit("11.2.2", "460.32.03"),
    Toolkit("11.3.0", "465.19.01"),
    Toolkit("11.3.1", "465.19.01"),
    Toolkit("11.4.0", "470.42.01"),
    Toolkit("11.4.1", "470.57.02"),
    Toolkit("11.4.2", "470.57.02"),
    Toolkit("11.4.3", "470.82.01"),
    Toolkit("11.4.4", "470.82.01"),
    Toolkit("11.5.0", "495.29.05"),
    Toolkit("11.5.1", "495.29.05"),
    Toolkit("11.5.2", "495.29.05"),
    Toolkit("11.6.0", "510.39.01"),
    Toolkit("11.6.1", "510.47.03"),
    Toolkit("11.6.2", "510.47.03"),
    Toolkit("11.7.0", "515.43.04"),
    Toolkit("11.7.1", "515.48.07"),
    Toolkit("11.8.0", "520.61.05"),
    Toolkit("12.0.0", "525.60.13"),
    Toolkit("12.0.1", "525.85.12"),
    Toolkit("12.1.0", "530.30.02"),
    Toolkit("12.1.1", "530.30.02"),
    Toolkit("12.2.0", "535.54.03"),
    Toolkit("12.2.1", "535.86.09"),
    Toolkit("12.2.2", "535.104.05"),
    Toolkit("12.3.0", "545.23.06"),
    Toolkit("12.3.1", "545.23.08"),
    Toolkit("12.3.2", "545.23.08"),
    Toolkit("12.4.0", "550.54.14"),
    Toolkit("12.4.1", "550.54.15"),
    Toolkit("12.5.0", "555.42.02"),
    Toolkit("12.5.1", "555.42.06"),
    Toolkit("12.6.0", "560.28.03"),
    Toolkit("12.6.1", "560.35.03"),
    Toolkit("12.6.2", "560.35.03"),
    Toolkit("12.6.3", "560.35.05"),
    Toolkit("12.8.0", "570.26"),
    Toolkit("12.8.1", "570.124.06"),
    Toolkit("12.8.2", None),
    Toolkit("12.9.0", "575.51.03"),
    Toolkit("12.9.1", "575.57.08"),
    Toolkit("12.9.2", None),
    Toolkit("13.0.0", "580.65.06"),
    Toolkit("13.0.1", "580.82.07"),
    Toolkit("13.0.2", "580.95.05"),
    Toolkit("13.0.3", None),
    Toolkit("13.1.0", "590.44.01"),
    Toolkit("13.1.1", "590.48.01"),
    Toolkit("13.1.2", None),
    Toolkit("13.2.0", "595.45.04"),
    Toolkit("13.2.1", "595.58.03"),
    Toolkit("13.2.2", "595.71.05"),
    Toolkit("13.3.0", "610.43.02"),
    Toolkit("13.3.1", "610.43.02"),
    Toolkit("13.4.1", "615.71.09"),
    Toolkit("13.4.2", None),
    Toolkit("13.4.3", None),
)
# fmt: on

# fmt: off
MINOR_MINIMA = (
    MinorMinimum("11.0", "11.0", "450.36.06"),
    MinorMinimum("11.1", "11.8", "450.80.02"),
    MinorMinimum("12.0", "12.9", "525.60.13"),
    # NVIDIA prints ">= 580"; this is the first R580 data-centre driver.
    MinorMinimum("13.0", "13.9", "580.65.06"),
)
# fmt: on
"""CUDA 10 and older have none: each toolkit needs its own driver or a compatibility package."""

# fmt: off
BRANCHES = (
    Branch(384, "9.0", "LTS", "2020", False),
    Branch(390, "9.1", "LTS (legacy Fermi)", "2022-11-22"),
    Branch(396, "9.2", "NFB", None),
    Branch(410, "10.0", "NFB", None),
    Branch(418, "10.1", "LTS", "2022-03-01"),
    Branch(430, "10.1", "NFB", None, False),
    Branch(435, "10.1", "NFB", None, False),
    Branch(440, "10.2", "NFB", "2020-11"),
    Branch(450, "11.0", "LTS", "2023-07-01"),
    Branch(455, "11.1", "NFB", None),
    Branch(460, "11.2", "PB", "2022-01-01"),
    Branch(465, "11.3", "NFB", "2022-04-19"),
    Branch(470, "11.4", "LTS (last for Kepler)", "2024-07-20"),
    Branch(495, "11.5", "NFB", "2022-10-12"),
    Branch(510, "11.6", "PB", "2023-01-01"),
    Branch(515, "11.7", "PB", "2023-05-01"),
    Branch(520, "11.8", "NFB", "2023-10-01"),
    Branch(525, "12.0", "PB", "2023-12-01"),
    Branch(530, "12.1", "NFB", "2023-06-24"),
    Branch(535, "12.2", "LTS", "2026-06-01"),
    Branch(545, "12.3", "NFB", "2024-10-01"),
    Branch(550, "12.4", "PB", "2025-04-17"),
    Branch(555, "12.5", "NFB", "2025-06-01"),
    Branch(560, "12.6", "PB", "2025-08-22"),
    Branch(565, "12.7", "PB", "2025-10-01", False),
    Branch(570, "12.8", "PB", "2026-01-27"),
    Branch(575, "12.9", "NFB", "2026-06-03"),
    Branch(580, "13.0", "LTS (last for Maxwell, Pascal, Volta)", "2028-08-04"),
    Branch(590, "13.1", "NFB", "2026-12-22"),
    Branch(595, "13.2", "PB", "2027-03-24"),
    Branch(610, "13.3", "NFB", None),
    Branch(615, "13.4", None, None),
)
# fmt: on

# fmt: off
GATES = (
    Gate("9.0", (), False),
    Gate("9.1", (), False),
    Gate("9.2", (), False),
    Gate("10.1", (418,), False),
    Gate("10.2", (418,), False),
    Gate("11.0.3", (418,), False),
    Gate("11.1.1", (418, 450), False),
    Gate("11.2.0", (418,), False),
    Gate("11.2.1", (418,), False),
    Gate("11.2.2", (418, 450), False),
    Gate("11.3.0", (418, 450), False),
    Gate("11.3.1", (418, 450), False),
    Gate("11.4.0", (418, 450), False),
    Gate("11.4.1", (418, 450), False),
    Gate("11.4.2", (418, 450), False),
    Gate("11.4.3", (), False),
    Gate("11.5.0", (418, 450, 470), True),
    Gate("11.5.1", (418, 450, 470), True),
    Gate("11.5.2", (470,), True),
    Gate("11.6.0", (418, 450, 470), True),
    Gate("11.6.1", (470,), True),
    Gate("11.6.2", (470,), True),
    Gate("11.7.0", (450, 470, 510), True),
    Gate("11.7.1", (470,), True),
    Gate("11.8.0", (470,), True),
    Gate("12.0.0", (470,), True),
    Gate("12.0.1", (470,), True),
    Gate("12.1.0", (470, 525), True),
    Gate("12.1.1", (470, 525), True),
    Gate("12.2.0", (470, 525), True),
    Gate("12.2.2", (470, 525), True),
    Gate("12.3.0", (470, 525, 535), True),
    Gate("12.3.1", (470, 525, 535), True),
    Gate("12.3.2", (470, 525, 535), True),
    Gate("12.4.0", (470, 525, 535), True),
    Gate("12.4.1", (470, 525, 535), True),
    Gate("12.5.0", (470, 535, 550), False),
    Gate("12.5.1", (470, 535, 550), False),
    Gate("12.6.0", (470, 535, 550), False),
    Gate("12.6.1", (470, 535, 550), False),
    Gate("12.6.2", (470, 535, 550), False),
    Gate("12.6.3", (470, 535, 550), False),
    Gate("12.8.0", (470, 535, 550, 560, 565), False),
    Gate("12.8.1", (470, 535, 550, 560, 565), False),
    Gate("12.9.0", (535, 550, 560, 565, 570), False),
    Gate("12.9.1", (535, 550, 560, 565, 570), False),
    Gate("13.0.0", (535, 550, 565, 570, 575), False),
    Gate("13.0.1", (535, 550, 565, 570, 575), False),
    Gate("13.0.2", (535, 550, 565, 570, 575), False),
    Gate("13.1.0", (535, 550, 570, 575, 580), False),
)
# fmt: on
"""The container runtime checks these in its legacy and csv modes only; CDI (the default since toolkit 1.18) does not."""

NEVER_RELEASED = ("12.7",)
"""Driver branch 565 reports this CUDA version, but no toolkit of it was released."""

COMPAT_SINCE = "10.0"
"""Every nvidia/cuda image of this CUDA version or newer installs cuda-compat, which works on data-centre GPUs only."""

COMPAT_ERROR = "CUDA error 804: forward compatibility was attempted on non supported HW"
