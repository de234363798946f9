# ruff: noqa: E501
"""PyTorch releases, their wheels by CUDA and ROCm variant, and the releases of their companions."""

from __future__ import annotations

from typing import NamedTuple

from mllint.knowledge.lookup import by_version, canonical

SOURCE = (
    "wheel metadata of torch (Requires-Dist, torch/version.py), x86-64 Linux",
    "nvcc flags in libtorch_cuda.so of 18 default wheels, 1.12.1 to 2.15.0 (architectures)",
    "pytorch/test-infra, tools/scripts/generate_binary_build_matrix.py, git history",
    "pytorch.github.io, previous versions; RELEASE.md and build scripts of pytorch/pytorch",
)
CHECKED = "2026-11-20"
HORIZON = "2.15.0"
"""The newest release of the table; what is newer is unknown."""


class Release(NamedTuple):
    """A release and its default wheel, the one that a plain `pip install torch` gets on x86-64 Linux.

    `cuda` and `cudnn` are those of the default wheel, `wheel_mb` is its size in MB (10^6 bytes), without the NVIDIA
    wheels that it requires where `bundled` is false. `pythons` and the companions are separated by blanks.
    """

    version: str
    released: str
    cuda: str
    cudnn: str | None
    wheel_mb: int
    bundled: bool
    pythons: str
    torchvision: str
    torchaudio: str
    rocm: str
    sure: bool = True
    """False: the list of variants is in part inferred."""
    requires_python: str = ""
    cuda_runtime: str = ""
    """The nvidia-cuda-runtime-cuXX (from 2.11: cuda-toolkit) that the default wheel pins; "": it bundles its own."""
    nccl: str = ""
    triton: str = ""
    """The specifier of triton in the default wheel; "" for none."""
    torchtext: str = ""


class Variant(NamedTuple):
    """A wheel variant of a release: the name of its index, its CUDA, and the GPU architectures in it.

    `architectures` are compute capabilities with machine code, separated by blanks; "" with a CUDA is unknown. `ptx`
    is the capability whose PTX is in the wheel too, which newer GPUs can compile; no default wheel has any.
    """

    torch: str
    name: str
    cuda: str | None
    architectures: str
    ptx: str | None = None
    cudnn: str | None = None
    sure: bool = True


# fmt: off
RELEASES = (
    Release("1.4.0", "2020-01-15", "10.1", None, 753, True, "2.7 3.5 3.6 3.7 3.8", "0.5.0", "0.4.0", "", requires_python=">=2.7,!=3.0.*,!=3.1.*,!=3.2.*,!=3.3.*,!=3.4.*"),
    Release("1.5.0", "2020-04-21", "10.2", None, 752, True, "3.5 3.6 3.7 3.8", "0.6.0", "0.5.0", "", requires_python=">=2.7,!=3.0.*,!=3.1.*,!=3.2.*,!=3.3.*,!=3.4.*,!=3.6.0"),
    Release("1.5.1", "2020-06-18", "10.2", None, 753, True, "3.5 3.6 3.7 3.8", "0.6.1", "0.5.1", "", requires_python=">=2.7,!=3.0.*,!=3.1.*,!=3.2.*,!=3.3.*,!=3.4.*,!=3.6.0"),
    Release("1.6.0", "2020-07-28", "10.2", None, 749, True, "3.6 3.7 3.8", "0.7.0", "0.6.0", "", requires_python=">=3.6.1"),
    Release("1.7.0", "2020-10-27", "10.2", None, 777, True, "3.6 3.7 3.8", "0.8.0 0.8.1", "0.7.0", "", requires_python=">=3.6.1"),
    Release("1.7.1", "2020-12-10", "10.2", None, 777, True, "3.6 3.7 3.8 3.9", "0.8.2", "0.7.2", "", requires_python=">=3.6.2", torchtext="0.8.1"),
    Release("1.8.0", "2021-03-04", "10.2", None, 736, True, "3.6 3.7 3.8 3.9", "0.9.0", "0.8.0", "", requires_python=">=3.6.2", torchtext="0.9.0"),
    Release("1.8.1", "2021-03-25", "10.2", None, 804, True, "3.6 3.7 3.8 3.9", "0.9.1", "0.8.1", "", requires_python=">=3.6.2", torchtext="0.9.1"),
    Release("1.9.0", "2021-06-15", "10.2", None, 831, True, "3.6 3.7 3.8 3.9", "0.10.0", "0.9.0", "", requires_python=">=3.6.2", torchtext="0.10.0"),
    Release("1.9.1", "2021-09-20", "10.2", None, 831, True, "3.6 3.7 3.8 3.9", "0.10.1", "0.9.1", "", requires_python=">=3.6.2", torchtext="0.10.1"),
    Release("1.10.0", "2021-10-21", "10.2", None, 882, True, "3.6 3.7 3.8 3.9", "0.11.0 0.11.1", "0.10.0", "", requires_python=">=3.6.2", torchtext="0.11.0"),
    Release("1.10.1", "2021-12-15", "10.2", None, 882, True, "3.6 3.7 3.8 3.9", "0.11.2", "0.10.1", "", requires_python=">=3.6.2", torchtext="0.11.1"),
    Release("1.10.2", "2022-01-27", "10.2", None, 882, True, "3.6 3.7 3.8 3.9", "0.11.3", "0.10.2", "", requires_python=">=3.6.2", torchtext="0.11.2", sure=False),
    Release("1.11.0", "2022-03-10", "10.2", None, 751, True, "3.7 3.8 3.9 3.10", "0.12.0", "0.11.0", "", requires_python=">=3.7.0", torchtext="0.12.0"),
    Release("1.12.0", "2022-06-28", "10.2", None, 776, True, "3.7 3.8 3.9 3.10", "0.13.0", "0.12.0", "", requires_python=">=3.7.0", torchtext="0.13.0"),
    Release("1.12.1", "2022-08-05", "10.2", None, 776, True, "3.7 3.8 3.9 3.10", "0.13.1", "0.12.1", "", requires_python=">=3.7.0", torchtext="0.13.1"),
    Release("1.13.0", "2022-10-28", "11.7", "8.5.0.96", 890, False, "3.7 3.8 3.9 3.10 3.11", "0.14.0", "0.13.0", "rocm5.1.1 rocm5.2", requires_python=">=3.7.0", torchtext="0.14.0", cuda_runtime="11.7.99"),
    Release("1.13.1", "2022-12-15", "11.7", "8.5.0.96", 887, False, "3.7 3.8 3.9 3.10 3.11", "0.14.1", "0.13.1", "rocm5.1.1 rocm5.2", requires_python=">=3.7.0", torchtext="0.14.1", cuda_runtime="11.7.99"),
    Release("2.0.0", "2023-03-15", "11.7", "8.5.0.96", 620, False, "3.8 3.9 3.10 3.11", "0.15.0 0.15.1", "2.0.0 2.0.1", "rocm5.3 rocm5.4.2", requires_python=">=3.8.0", torchtext="0.15.1", triton="==2.0.0", cuda_runtime="11.7.99", nccl="2.14.3"),
    Release("2.0.1", "2023-05-08", "11.7", "8.5.0.96", 620, False, "3.8 3.9 3.10 3.11", "0.15.2", "2.0.2", "rocm5.3 rocm5.4.2", requires_python=">=3.8.0", torchtext="0.15.2", triton="==2.0.0", cuda_runtime="11.7.99", nccl="2.14.3"),
    Release("2.1.0", "2023-10-04", "12.1", "8.9.2.26", 670, False, "3.8 3.9 3.10 3.11", "0.16.0", "2.1.0", "rocm5.5 rocm5.6", requires_python=">=3.8.0", torchtext="0.16.0", triton="==2.1.0", cuda_runtime="12.1.105", nccl="2.18.1"),
    Release("2.1.1", "2023-11-15", "12.1", "8.9.2.26", 670, False, "3.8 3.9 3.10 3.11", "0.16.1", "2.1.1", "rocm5.5 rocm5.6", requires_python=">=3.8.0", torchtext="0.16.1", triton="==2.1.0", cuda_runtime="12.1.105", nccl="2.18.1"),
    Release("2.1.2", "2023-12-14", "12.1", "8.9.2.26", 670, False, "3.8 3.9 3.10 3.11", "0.16.2", "2.1.2", "rocm5.5 rocm5.6", requires_python=">=3.8.0", triton="==2.1.0", cuda_runtime="12.1.105", nccl="2.18.1"),
    Release("2.2.0", "2024-01-30", "12.1", "8.9.2.26", 755, False, "3.8 3.9 3.10 3.11 3.12", "0.17.0", "2.2.0", "rocm5.6 rocm5.7", requires_python=">=3.8.0", torchtext="0.16.2 0.17.0", triton="==2.2.0", cuda_runtime="12.1.105", nccl="2.19.3"),
    Release("2.2.1", "2024-02-22", "12.1", "8.9.2.26", 755, False, "3.8 3.9 3.10 3.11 3.12", "0.17.1", "2.2.1", "rocm5.6 rocm5.7", requires_python=">=3.8.0", torchtext="0.17.1", triton="==2.2.0", cuda_runtime="12.1.105", nccl="2.19.3"),
    Release("2.2.2", "2024-03-27", "12.1", "8.9.2.26", 755, False, "3.8 3.9 3.10 3.11 3.12", "0.17.2", "2.2.2", "rocm5.6 rocm5.7", requires_python=">=3.8.0", torchtext="0.17.2", triton="==2.2.0", cuda_runtime="12.1.105", nccl="2.19.3"),
    Release("2.3.0", "2024-04-24", "12.1", "8.9.2.26", 779, False, "3.8 3.9 3.10 3.11 3.12", "0.18.0", "2.3.0", "rocm5.7 rocm6.0", requires_python=">=3.8.0", torchtext="0.18.0 (>=)", triton="==2.3.0", cuda_runtime="12.1.105", nccl="2.20.5"),
    Release("2.3.1", "2024-06-05", "12.1", "8.9.2.26", 779, False, "3.8 3.9 3.10 3.11 3.12", "0.18.1", "2.3.1", "rocm5.7 rocm6.0", requires_python=">=3.8.0", triton="==2.3.1", cuda_runtime="12.1.105", nccl="2.20.5"),
    Release("2.4.0", "2024-07-24", "12.1", "9.1.0.70", 797, False, "3.8 3.9 3.10 3.11 3.12", "0.19.0", "2.4.0", "rocm6.0 rocm6.1", requires_python=">=3.8.0", triton="==3.0.0", cuda_runtime="12.1.105", nccl="2.20.5"),
    Release("2.4.1", "2024-09-04", "12.1", "9.1.0.70", 797, False, "3.8 3.9 3.10 3.11 3.12", "0.19.1", "2.4.1", "rocm6.0 rocm6.1", requires_python=">=3.8.0", triton="==3.0.0", cuda_runtime="12.1.105", nccl="2.20.5"),
    Release("2.5.0", "2024-10-17", "12.4", "9.1.0.70", 906, False, "3.9 3.10 3.11 3.12 3.13", "0.20.0", "2.5.0", "rocm6.1 rocm6.2", requires_python=">=3.8.0", triton="==3.1.0", cuda_runtime="12.4.127", nccl="2.21.5"),
    Release("2.5.1", "2024-10-29", "12.4", "9.1.0.70", 906, False, "3.9 3.10 3.11 3.12 3.13", "0.20.1", "2.5.1", "rocm6.1 rocm6.2", requires_python=">=3.8.0", triton="==3.1.0", cuda_runtime="12.4.127", nccl="2.21.5"),
    Release("2.6.0", "2025-01-29", "12.4", "9.1.0.70", 767, False, "3.9 3.10 3.11 3.12 3.13", "0.21.0", "2.6.0", "rocm6.1 rocm6.2.4", requires_python=">=3.9.0", triton="==3.2.0", cuda_runtime="12.4.127", nccl="2.21.5"),
    Release("2.7.0", "2025-04-23", "12.6", "9.5.1.17", 865, False, "3.9 3.10 3.11 3.12 3.13 3.13t", "0.22.0", "2.7.0", "rocm6.2.4 rocm6.3", requires_python=">=3.9.0", triton="==3.3.0", cuda_runtime="12.6.77", nccl="2.26.2"),
    Release("2.7.1", "2025-06-04", "12.6", "9.5.1.17", 821, False, "3.9 3.10 3.11 3.12 3.13 3.13t", "0.22.1", "2.7.1", "rocm6.2.4 rocm6.3", requires_python=">=3.9.0", triton="==3.3.1", cuda_runtime="12.6.77", nccl="2.26.2"),
    Release("2.8.0", "2025-08-06", "12.8", "9.10.2.21", 888, False, "3.9 3.10 3.11 3.12 3.13 3.13t", "0.23.0", "2.8.0", "rocm6.3 rocm6.4", requires_python=">=3.9.0", triton="==3.4.0", cuda_runtime="12.8.90", nccl="2.27.3"),
    Release("2.9.0", "2025-10-15", "12.8", "9.10.2.21", 900, False, "3.10 3.11 3.12 3.13 3.13t 3.14 3.14t", "0.24.0", "2.9.0", "rocm6.3 rocm6.4", requires_python=">=3.10", triton="==3.5.0", cuda_runtime="12.8.90", nccl="2.27.5"),
    Release("2.9.1", "2025-11-12", "12.8", "9.10.2.21", 900, False, "3.10 3.11 3.12 3.13 3.13t 3.14 3.14t", "0.24.1", "2.9.1", "rocm6.3 rocm6.4", requires_python=">=3.10", triton="==3.5.1", cuda_runtime="12.8.90", nccl="2.27.5"),
    Release("2.10.0", "2026-01-21", "12.8", "9.10.2.21", 916, False, "3.10 3.11 3.12 3.13 3.13t 3.14 3.14t", "0.25.0", "2.10.0", "rocm7.0 rocm7.1", requires_python=">=3.10", triton="==3.6.0", cuda_runtime="12.8.90", nccl="2.27.5"),
    Release("2.11.0", "2026-03-23", "13.0", "9.19.0.56", 531, False, "3.10 3.11 3.12 3.13 3.13t 3.14 3.14t", "0.26.0", "", "rocm7.1 rocm7.2", requires_python=">=3.10", triton="==3.6.0", cuda_runtime="13.0.2", nccl="2.28.9"),
    Release("2.12.0", "2026-05-13", "13.0", "9.20.0.48", 532, False, "3.10 3.11 3.12 3.13 3.13t 3.14 3.14t", "0.27.0", "", "rocm7.1 rocm7.2", requires_python=">=3.10", triton="==3.7.0", cuda_runtime="13.0.2", nccl="2.29.7"),
    Release("2.12.1", "2026-06-17", "13.0", "9.20.0.48", 532, False, "3.10 3.11 3.12 3.13 3.14 3.14t", "0.27.1", "", "rocm7.1 rocm7.2", requires_python=">=3.10", triton="==3.7.1", cuda_runtime="13.0.2", nccl="2.29.7"),
    Release("2.13.0", "2026-07-08", "13.0", "9.20.0.48", 527, False, "3.10 3.11 3.12 3.13 3.14 3.14t", "0.28.0", "", "rocm7.1 rocm7.2", requires_python=">=3.10", triton="==3.7.1", cuda_runtime="13.0.3", nccl="2.29.7"),
    Release("2.14.0", "2026-09-02", "13.0", "9.24.0.43", 555, False, "3.10 3.11 3.12 3.13 3.14 3.14t", "0.29.0 0.29.1 (>=) 0.29.2 (>=)", "", "", requires_python=">=3.10", triton="~=3.8.0", cuda_runtime="13.0.3", nccl="2.30.7"),
    Release("2.14.1", "2026-09-30", "13.0", "9.24.0.43", 555, False, "3.10 3.11 3.12 3.13 3.14 3.14t", "", "", "", requires_python=">=3.10", triton="~=3.8.0", cuda_runtime="13.0.3", nccl="2.30.7", sure=False),
    Release("2.15.0", "2026-10-28", "13.2", "9.26.0.51", 539, False, "3.11 3.12 3.13 3.14 3.14t 3.15 3.15t", "", "", "", requires_python=">=3.11", triton="~=3.9.0", cuda_runtime="13.2.2", nccl="2.30.7", sure=False),
)
# fmt: on

# fmt: off
VARIANTS = (
    Variant("1.4.0", "cpu", None, ""),
    Variant("1.4.0", "cu92", "9.2", "3.7 5.0 6.0 7.0"),
    Variant("1.4.0", "cu100", "10.0", "3.7 5.0 6.0 7.0"),
    Variant("1.4.0", "cu101", "10.1", "3.7 5.0 6.0 7.0"),
    Variant("1.5.0", "cpu", None, ""),
    Variant("1.5.0", "cu92", "9.2", "3.7 5.0 6.0 7.0"),
    Variant("1.5.0", "cu101", "10.1", "3.7 5.0 6.0 7.0"),
    Variant("1.5.0", "cu102", "10.2", "3.7 5.0 6.0 7.0"),
    Variant("1.5.1", "cpu", None, ""),
    Variant("1.5.1", "cu92", "9.2", "3.7 5.0 6.0 7.0"),
    Variant("1.5.1", "cu101", "10.1", "3.7 5.0 6.0 7.0"),
    Variant("1.5.1", "cu102", "10.2", "3.7 5.0 6.0 7.0"),
    Variant("1.6.0", "cpu", None, ""),
    Variant("1.6.0", "cu92", "9.2", "3.7 5.0 6.0 7.0"),
    Variant("1.6.0", "cu101", "10.1", "3.7 5.0 6.0 7.0"),
    Variant("1.6.0", "cu102", "10.2", "3.7 5.0 6.0 7.0"),
    Variant("1.7.0", "cpu", None, ""),
    Variant("1.7.0", "cu92", "9.2", "3.7 5.0 6.0 7.0"),
    Variant("1.7.0", "cu101", "10.1", "3.7 5.0 6.0 7.0"),
    Variant("1.7.0", "cu102", "10.2", "3.7 5.0 6.0 7.0"),
    Variant("1.7.0", "cu110", "11.0", "3.7 5.0 6.0 7.0 7.5 8.0"),
    Variant("1.7.1", "cpu", None, ""),
    Variant("1.7.1", "cu92", "9.2", "3.7 5.0 6.0 7.0"),
    Variant("1.7.1", "cu101", "10.1", "3.7 5.0 6.0 7.0"),
    Variant("1.7.1", "cu102", "10.2", "3.7 5.0 6.0 7.0"),
    Variant("1.7.1", "cu110", "11.0", "3.7 5.0 6.0 7.0 7.5 8.0"),
    Variant("1.8.0", "cpu", None, ""),
    Variant("1.8.0", "cu101", "10.1", "3.7 5.0 6.0 7.0"),
    Variant("1.8.0", "cu102", "10.2", "3.7 5.0 6.0 7.0"),
    Variant("1.8.0", "cu111", "11.1", "3.7 5.0 6.0 7.0 7.5 8.0 8.6", cudnn="8.0.5"),
    Variant("1.8.1", "cpu", None, ""),
    Variant("1.8.1", "cu101", "10.1", "3.7 5.0 6.0 7.0"),
    Variant("1.8.1", "cu102", "10.2", "3.7 5.0 6.0 7.0"),
    Variant("1.8.1", "cu111", "11.1", "3.7 5.0 6.0 7.0 7.5 8.0 8.6", cudnn="8.0.5"),
    Variant("1.9.0", "cpu", None, ""),
    Variant("1.9.0", "cu102", "10.2", "3.7 5.0 6.0 7.0", cudnn="7.6.5"),
    Variant("1.9.0", "cu111", "11.1", "3.7 5.0 6.0 7.0 7.5 8.0 8.6", cudnn="8.0.5"),
    Variant("1.9.1", "cpu", None, ""),
    Variant("1.9.1", "cu102", "10.2", "3.7 5.0 6.0 7.0", cudnn="7.6.5"),
    Variant("1.9.1", "cu111", "11.1", "3.7 5.0 6.0 7.0 7.5 8.0 8.6", cudnn="8.0.5"),
    Variant("1.10.0", "cpu", None, ""),
    Variant("1.10.0", "cu102", "10.2", "3.7 5.0 6.0 7.0", cudnn="7.6.5"),
    Variant("1.10.0", "cu111", "11.1", "3.7 5.0 6.0 7.0 7.5 8.0 8.6"),
    Variant("1.10.0", "cu113", "11.3", "3.7 5.0 6.0 7.0 7.5 8.0 8.6"),
    Variant("1.10.1", "cpu", None, ""),
    Variant("1.10.1", "cu102", "10.2", "3.7 5.0 6.0 7.0", cudnn="7.6.5"),
    Variant("1.10.1", "cu111", "11.1", "3.7 5.0 6.0 7.0 7.5 8.0 8.6"),
    Variant("1.10.1", "cu113", "11.3", "3.7 5.0 6.0 7.0 7.5 8.0 8.6"),
    Variant("1.10.2", "cpu", None, ""),
    Variant("1.10.2", "cu102", "10.2", "3.7 5.0 6.0 7.0", cudnn="7.6.5"),
    Variant("1.10.2", "cu111", "11.1", "3.7 5.0 6.0 7.0 7.5 8.0 8.6"),
    Variant("1.10.2", "cu113", "11.3", "3.7 5.0 6.0 7.0 7.5 8.0 8.6"),
    Variant("1.11.0", "cpu", None, ""),
    Variant("1.11.0", "cu102", "10.2", "3.7 5.0 6.0 7.0", cudnn="7.6.5"),
    Variant("1.11.0", "cu113", "11.3", "3.7 5.0 6.0 7.0 7.5 8.0 8.6", cudnn="8.2.0"),
    Variant("1.11.0", "cu115", "11.5", "3.7 5.0 6.0 7.0 7.5 8.0 8.6"),
    Variant("1.12.0", "cpu", None, ""),
    Variant("1.12.0", "cu102", "10.2", "3.7 5.0 6.0 7.0", cudnn="7.6.5"),
    Variant("1.12.0", "cu113", "11.3", "3.7 5.0 6.0 7.0 7.5 8.0 8.6", cudnn="8.3.2.44"),
    Variant("1.12.0", "cu116", "11.6", "3.7 5.0 6.0 7.0 7.5 8.0 8.6", cudnn="8.3.2.44"),
    Variant("1.12.1", "cpu", None, ""),
    Variant("1.12.1", "cu102", "10.2", "3.7 5.0 6.0 7.0", cudnn="7.6.5"),
    Variant("1.12.1", "cu113", "11.3", "3.7 5.0 6.0 7.0 7.5 8.0 8.6", cudnn="8.3.2.44"),
    Variant("1.12.1", "cu116", "11.6", "3.7 5.0 6.0 7.0 7.5 8.0 8.6", cudnn="8.3.2.44"),
    Variant("1.13.0", "cpu", None, ""),
    Variant("1.13.0", "cu116", "11.6", "3.7 5.0 6.0 7.0 7.5 8.0 8.6", cudnn="8.3.2.44"),
    Variant("1.13.0", "cu117", "11.7", "3.7 5.0 6.0 7.0 7.5 8.0 8.6", cudnn="8.5.0.96"),
    Variant("1.13.1", "cpu", None, ""),
    Variant("1.13.1", "cu116", "11.6", "3.7 5.0 6.0 7.0 7.5 8.0 8.6", cudnn="8.3.2.44"),
    Variant("1.13.1", "cu117", "11.7", "3.7 5.0 6.0 7.0 7.5 8.0 8.6", cudnn="8.5.0.96"),
    Variant("2.0.0", "cpu", None, ""),
    Variant("2.0.0", "cu117", "11.7", "3.7 5.0 6.0 7.0 7.5 8.0 8.6", cudnn="8.5.0.96"),
    Variant("2.0.0", "cu118", "11.8", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.7.0.84"),
    Variant("2.0.1", "cpu", None, ""),
    Variant("2.0.1", "cu117", "11.7", "3.7 5.0 6.0 7.0 7.5 8.0 8.6", cudnn="8.5.0.96"),
    Variant("2.0.1", "cu118", "11.8", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.7.0.84"),
    Variant("2.1.0", "cpu", None, ""),
    Variant("2.1.0", "cu118", "11.8", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.7.0.84"),
    Variant("2.1.0", "cu121", "12.1", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.9.2.26"),
    Variant("2.1.1", "cpu", None, ""),
    Variant("2.1.1", "cu118", "11.8", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.7.0.84"),
    Variant("2.1.1", "cu121", "12.1", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.9.2.26"),
    Variant("2.1.2", "cpu", None, ""),
    Variant("2.1.2", "cu118", "11.8", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.7.0.84"),
    Variant("2.1.2", "cu121", "12.1", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.9.2.26"),
    Variant("2.2.0", "cpu", None, ""),
    Variant("2.2.0", "cu118", "11.8", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.7.0.84"),
    Variant("2.2.0", "cu121", "12.1", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.9.2.26"),
    Variant("2.2.1", "cpu", None, ""),
    Variant("2.2.1", "cu118", "11.8", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.7.0.84"),
    Variant("2.2.1", "cu121", "12.1", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.9.2.26"),
    Variant("2.2.2", "cpu", None, ""),
    Variant("2.2.2", "cu118", "11.8", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.7.0.84"),
    Variant("2.2.2", "cu121", "12.1", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.9.2.26"),
    Variant("2.3.0", "cpu", None, ""),
    Variant("2.3.0", "cu118", "11.8", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.7.0.84"),
    Variant("2.3.0", "cu121", "12.1", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.9.2.26"),
    Variant("2.3.1", "cpu", None, ""),
    Variant("2.3.1", "cu118", "11.8", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.7.0.84"),
    Variant("2.3.1", "cu121", "12.1", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="8.9.2.26"),
    Variant("2.4.0", "cpu", None, ""),
    Variant("2.4.0", "cu118", "11.8", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.1.0.70"),
    Variant("2.4.0", "cu121", "12.1", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.1.0.70"),
    Variant("2.4.0", "cu124", "12.4", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.1.0.70"),
    Variant("2.4.1", "cpu", None, ""),
    Variant("2.4.1", "cu118", "11.8", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.1.0.70"),
    Variant("2.4.1", "cu121", "12.1", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.1.0.70"),
    Variant("2.4.1", "cu124", "12.4", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.1.0.70"),
    Variant("2.5.0", "cpu", None, ""),
    Variant("2.5.0", "cu118", "11.8", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.1.0.70"),
    Variant("2.5.0", "cu121", "12.1", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.1.0.70"),
    Variant("2.5.0", "cu124", "12.4", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.1.0.70"),
    Variant("2.5.1", "cpu", None, ""),
    Variant("2.5.1", "cu118", "11.8", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.1.0.70"),
    Variant("2.5.1", "cu121", "12.1", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.1.0.70"),
    Variant("2.5.1", "cu124", "12.4", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.1.0.70"),
    Variant("2.6.0", "cpu", None, ""),
    Variant("2.6.0", "cu118", "11.8", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.1.0.70"),
    Variant("2.6.0", "cu124", "12.4", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.1.0.70"),
    Variant("2.6.0", "cu126", "12.6", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.5.1.17"),
    Variant("2.7.0", "cpu", None, ""),
    Variant("2.7.0", "cu118", "11.8", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.1.0.70"),
    Variant("2.7.0", "cu126", "12.6", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.5.1.17"),
    Variant("2.7.0", "cu128", "12.8", "7.5 8.0 8.6 9.0 10.0 12.0", ptx="12.0", cudnn="9.7.1.26"),
    Variant("2.7.1", "cpu", None, ""),
    Variant("2.7.1", "cu118", "11.8", "3.7 5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.1.0.70"),
    Variant("2.7.1", "cu126", "12.6", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.5.1.17"),
    Variant("2.7.1", "cu128", "12.8", "7.5 8.0 8.6 9.0 10.0 12.0", ptx="12.0", cudnn="9.7.1.26"),
    Variant("2.8.0", "cpu", None, ""),
    Variant("2.8.0", "cu126", "12.6", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.10.2.21"),
    Variant("2.8.0", "cu128", "12.8", "7.0 7.5 8.0 8.6 9.0 10.0 12.0", cudnn="9.10.2.21"),
    Variant("2.8.0", "cu129", "12.9", "7.0 7.5 8.0 8.6 9.0 10.0 12.0", ptx="12.0", cudnn="9.10.2.21"),
    Variant("2.9.0", "cpu", None, ""),
    Variant("2.9.0", "cu126", "12.6", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.10.2.21"),
    Variant("2.9.0", "cu128", "12.8", "7.0 7.5 8.0 8.6 9.0 10.0 12.0", cudnn="9.10.2.21"),
    Variant("2.9.0", "cu130", "13.0", "7.5 8.0 8.6 9.0 10.0 12.0", ptx="12.0", cudnn="9.13.0.50"),
    Variant("2.9.0", "cu129", "12.9", "7.0 7.5 8.0 8.6 9.0 10.0 12.0", sure=False),
    Variant("2.9.1", "cpu", None, ""),
    Variant("2.9.1", "cu126", "12.6", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.10.2.21"),
    Variant("2.9.1", "cu128", "12.8", "7.0 7.5 8.0 8.6 9.0 10.0 12.0", cudnn="9.10.2.21"),
    Variant("2.9.1", "cu130", "13.0", "7.5 8.0 8.6 9.0 10.0 12.0", ptx="12.0", cudnn="9.13.0.50"),
    Variant("2.9.1", "cu129", "12.9", "7.0 7.5 8.0 8.6 9.0 10.0 12.0"),
    Variant("2.10.0", "cpu", None, ""),
    Variant("2.10.0", "cu126", "12.6", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.10.2.21"),
    Variant("2.10.0", "cu128", "12.8", "7.0 7.5 8.0 8.6 9.0 10.0 12.0", cudnn="9.10.2.21"),
    Variant("2.10.0", "cu130", "13.0", "7.5 8.0 8.6 9.0 10.0 12.0", ptx="12.0", cudnn="9.15.1.9"),
    Variant("2.10.0", "cu129", "12.9", "7.0 7.5 8.0 8.6 9.0 10.0 12.0"),
    Variant("2.11.0", "cpu", None, ""),
    Variant("2.11.0", "cu126", "12.6", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.10.2.21"),
    Variant("2.11.0", "cu128", "12.8", "7.5 8.0 8.6 9.0 10.0 12.0"),
    Variant("2.11.0", "cu130", "13.0", "7.5 8.0 8.6 9.0 10.0 12.0", cudnn="9.19.0.56"),
    Variant("2.11.0", "cu129", "12.9", ""),
    Variant("2.12.0", "cpu", None, ""),
    Variant("2.12.0", "cu126", "12.6", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.10.2.21"),
    Variant("2.12.0", "cu130", "13.0", "7.5 8.0 8.6 9.0 10.0 12.0", cudnn="9.20.0.48"),
    Variant("2.12.0", "cu132", "13.2", "7.5 8.0 8.6 9.0 10.0 12.0", ptx="12.0", cudnn="9.20.0.48"),
    Variant("2.12.1", "cpu", None, ""),
    Variant("2.12.1", "cu126", "12.6", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.10.2.21"),
    Variant("2.12.1", "cu130", "13.0", "7.5 8.0 8.6 9.0 10.0 12.0", cudnn="9.20.0.48"),
    Variant("2.12.1", "cu132", "13.2", "7.5 8.0 8.6 9.0 10.0 12.0", ptx="12.0", cudnn="9.20.0.48"),
    Variant("2.12.1", "cu129", "12.9", "", sure=False),
    Variant("2.13.0", "cpu", None, ""),
    Variant("2.13.0", "cu126", "12.6", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.10.2.21"),
    Variant("2.13.0", "cu130", "13.0", "7.5 8.0 8.6 9.0 10.0 12.0", cudnn="9.20.0.48"),
    Variant("2.13.0", "cu132", "13.2", "7.5 8.0 8.6 9.0 10.0 12.0", ptx="12.0", cudnn="9.20.0.48"),
    Variant("2.14.0", "cpu", None, ""),
    Variant("2.14.0", "cu126", "12.6", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.10.2.21"),
    Variant("2.14.0", "cu130", "13.0", "7.5 8.0 8.6 9.0 10.0 12.0", cudnn="9.24.0.43"),
    Variant("2.14.0", "cu132", "13.2", "7.5 8.0 8.6 9.0 10.0 12.0", ptx="12.0", cudnn="9.24.0.43"),
    Variant("2.14.1", "cpu", None, ""),
    Variant("2.14.1", "cu126", "12.6", "5.0 6.0 7.0 7.5 8.0 8.6 9.0", cudnn="9.10.2.21"),
    Variant("2.14.1", "cu130", "13.0", "7.5 8.0 8.6 9.0 10.0 12.0", cudnn="9.24.0.43"),
    Variant("2.14.1", "cu132", "13.2", "7.5 8.0 8.6 9.0 10.0 12.0", ptx="12.0", cudnn="9.24.0.43"),
    Variant("2.15.0", "cpu", None, ""),
    Variant("2.15.0", "cu130", "13.0", "7.5 8.0 8.6 9.0 10.0 12.0"),
    Variant("2.15.0", "cu132", "13.2", "7.5 8.0 8.6 9.0 10.0 12.0"),
)
# fmt: on

NEVER_PUBLISHED = (
    "cu112",
    "cu114",
    "cu119",
    "cu120",
    "cu122",
    "cu123",
    "cu125",
    "cu127",
    "cu131",
    "cu133",
)
"""CUDA variants that no stable release has, although a toolkit of that name or number exists or could."""

NUMPY_2_SINCE = "2.3.0"
"""Wheels before this one were built for NumPy 1: under NumPy 2 `tensor.numpy()` raises "Numpy is not available"."""

MANYLINUX_2_28_SINCE = "2.7.0"
"""From here on the wheels need glibc 2.28: they don't install on CentOS 7 and Ubuntu 18.04."""

AARCH64_CUDA_SINCE = "2.11.0"
"""From here on the default wheel for aarch64 is a CUDA build; before, it is for the CPU only."""

CPU_WHEEL_MB = 190
"""About the size of a wheel of the `cpu` index since 2.0; recalled, an order of magnitude."""


def release(version: str) -> Release | None:
    """The row of a release; None when it is not in the table."""
    return by_version(RELEASES, version)


def newest() -> Release:
    """The newest release of the table: what a plain `pip install torch` got on the day of the table."""
    return RELEASES[-1]


def variants(version: str) -> tuple[Variant, ...]:
    """The CPU and CUDA wheels of a release; empty when the release is not in the table."""
    wanted = canonical(version)
    return tuple(row for row in VARIANTS if canonical(row.torch) == wanted)


def variant(version: str, name: str) -> Variant | None:
    """The wheel of a release in an index ("cu121", "cpu"); None when there is none, or the release is unknown."""
    return next((row for row in variants(version) if row.name == name), None)


def default_variant(version: str) -> Variant | None:
    """The wheel that the package index has: what a plain `pip install torch==…` gets; None for an unknown release."""
    row = release(version)
    return None if row is None else next((each for each in variants(version) if each.cuda == row.cuda), None)


def exists(version: str, name: str) -> bool | None:
    """Whether a release was published for an index ("cu121", "cpu", "rocm6.0").

    None when the release is not in the table or its list may have gaps: absence is known only of CUDA variants.
    """
    row = release(version)
    if row is None:
        return None
    found = variant(version, name)
    if found is not None:
        return True if found.sure else None
    if name in row.rocm.split():
        return True
    return False if row.sure and name.startswith("cu") else None


def published(variant: str) -> bool:
    """Whether any release of the table has this variant ("cu121", "cpu", "rocm6.0")."""
    return any(row.name == variant for row in VARIANTS) or any(variant in row.rocm.split() for row in RELEASES)
