# ruff: noqa: E501
"""The monthly NGC images (nvcr.io/nvidia/pytorch and its siblings): one YY.MM is one stack for all frameworks."""

from __future__ import annotations

from typing import NamedTuple

SOURCE = (
    "triton-inference-server/server, docs/introduction/compatibility.md, 2026-08-19",
    "NVIDIA framework release notes, pages rel-YY-MM",
    "triton-inference-server/server, docs/customization_guide/compose.md (what the -min images are)",
)
CHECKED = "2026-11-20"
HORIZON = "26.07"
"""The newest release of the table; what is newer is unknown."""


class Release(NamedTuple):
    """What the images of a month hold. `driver` is the driver of its CUDA release (a branch, or a full version)."""

    release: str
    ubuntu: str
    python: str | None
    cuda: str
    driver: str
    cudnn: str | None = None
    torch: str | None = None
    data_center: str = ""
    """Older driver branches that NVIDIA allows on data-centre GPUs through the compatibility package."""
    sure: bool = True
    """False: the row as a whole is recalled."""
    sure_os: bool = True
    """False: Ubuntu and Python are recalled."""
    sure_torch: bool = True


class Triton(NamedTuple):
    """The Triton variants of a month that carry their own stack; sizes in GB, as NVIDIA prints them."""

    release: str
    variant: str
    python: str
    cuda: str
    driver: str
    engine: str
    torch: str | None
    size_gb: float


# fmt: off
RELEASES = (
    Release("18.09", "16.04", "3.5", "10.0", "410"),
    Release("18.10", "16.04", None, "10.0.130", "410", cudnn="7.4.0"),
    Release("18.11", "16.04", "3.5", "10.0.130", "410"),
    Release("18.12", "16.04", "3.5", "10.0.130", "410"),
    Release("19.01", "16.04", "3.5", "10.0.130", "410"),
    Release("19.02", "16.04", "3.5", "10.0.130", "410", cudnn="7.4.2"),
    Release("19.03", "16.04", "3.6", "10.1.105", "418"),
    Release("19.05", "16.04", None, "10.1.168", "418", cudnn="7.6.0"),
    Release("20.01", "18.04", "3.6", "10.2.89", "440.33.01", cudnn="7.6.5", torch="1.4.0a0", data_center="384.111 396 410 418 440.30", sure_torch=False),
    Release("20.02", "18.04", "3.6", "10.2.89", "440.33.01", torch="1.4.0a0+a5b4d78", data_center="384.111 396 410 418 440.30"),
    Release("20.03", "18.04", "3.6", "10.2.89", "440.33", torch="1.5.0a0", sure_torch=False),
    Release("20.06", "18.04", "3.6", "11.0.167", "450", cudnn="8.0.1", torch="1.6.0a0", data_center="418 440.30", sure_torch=False),
    Release("20.07", "18.04", "3.6", "11.0.194", "450", torch="1.6.0a0", sure_torch=False),
    Release("20.08", "18.04", "3.6", "11.0.3", "450", cudnn="8.0.2", data_center="418 440.30"),
    Release("20.10", "18.04", "3.6", "11.1.0", "455", cudnn="8.0.4", torch="1.7.0a0", data_center="418 440.30 450", sure_torch=False),
    Release("20.11", "18.04", "3.6", "11.1.0", "455", cudnn="8.0.4", data_center="418 440.30 450"),
    Release("20.12", "20.04", "3.8", "11.1.1", "455", cudnn="8.0.5", torch="1.8.0a0", data_center="418 440.30 450", sure_torch=False),
    Release("21.02", "20.04", "3.8", "11.2.0", "460.27.04", cudnn="8.0.5", data_center="418.40 440.33 450.51"),
    Release("21.03", "20.04", "3.8", "11.2.1", "460.32.03", cudnn="8.1.1", torch="1.9.0a0", data_center="418.40 440.33 450.51", sure_torch=False),
    Release("21.04", "20.04", "3.8", "11.3.0", "465.19.01", cudnn="8.2.0.41", torch="1.9.0a0", sure_torch=False),
    Release("21.05", "20.04", "3.8", "11.3.0", "465.19.01", cudnn="8.2.0.51", torch="1.9.0a0", data_center="418.40 440.33 450.51 460.27", sure_torch=False),
    Release("21.06", "20.04", "3.8", "11.3.1", "465.19.01", cudnn="8.2.1", torch="1.9.0a0", sure_torch=False),
    Release("21.08", "20.04", "3.8", "11.4.1", "470", cudnn="8.2.2.6", data_center="418.40 440.33 450.51 460.27"),
    Release("21.09", "20.04", "3.8", "11.4.2", "470", torch="1.10.0a0", data_center="418.40 440.33 450.51 460.27", sure_torch=False),
    Release("21.10", "20.04", "3.8", "11.4.2", "470", cudnn="8.2.4.15", torch="1.10.0a0", sure_torch=False),
    Release("21.11", "20.04", "3.8", "11.5.0", "495", cudnn="8.3.0.96", data_center="418.40 440.33 450.51 460.27 470.57"),
    Release("21.12", "20.04", "3.8", "11.5.0", "495", cudnn="8.3.1.22", torch="1.11.0a0", data_center="418.40 440.33 450.51 460.27 470.57", sure_torch=False),
    Release("22.01", "20.04", "3.8", "11.6.0", "510", torch="1.11.0a0", data_center="418.40 440.33 450.51 460.27 470.57", sure_os=False, sure_torch=False),
    Release("22.03", "20.04", "3.8", "11.6.1", "510", torch="1.12.0a0", sure_torch=False),
    Release("22.04", "20.04", "3.8", "11.6.2", "510", torch="1.12.0a0", sure=False, sure_os=False, sure_torch=False),
    Release("22.05", "20.04", "3.8", "11.7.0", "515", torch="1.12.0a0", data_center="450.51 470.57 510.47", sure_torch=False),
    Release("22.06", "20.04", "3.8", "11.7.1", "515", data_center="450.51 470.57 510.47", sure=False, sure_os=False),
    Release("22.08", "20.04", "3.8", "11.7.1", "515", torch="1.13.0a0", data_center="450.51 470.57 510.47", sure_os=False, sure_torch=False),
    Release("22.09", "20.04", "3.8", "11.8.0", "520", torch="1.13.0a0", sure=False, sure_os=False, sure_torch=False),
    Release("22.10", "20.04", "3.8", "11.8.0", "520", data_center="450.51 470.57 510.47 515.65", sure_os=False),
    Release("22.11", "20.04", "3.8", "11.8.0", "520", torch="1.13.0a0", data_center="450.51 470.57 510.47 515.65", sure_torch=False),
    Release("22.12", "20.04", "3.8.10", "11.8.0", "520", cudnn="8.7.0", torch="1.14.0a0+410ce96", data_center="450.51 470.57 510.47 515.65"),
    Release("23.01", "20.04", "3.8", "12.0.1", "525", cudnn="8.7.0.84", torch="1.14.0a0+44dac51"),
    Release("23.02", "20.04", "3.8", "12.0.1", "525", torch="1.14.0a0+44dac51", sure_os=False),
    Release("23.03", "20.04", "3.8", "12.1.0", "530", torch="2.0.0a0", sure=False, sure_os=False, sure_torch=False),
    Release("23.04", "20.04", "3.8", "12.1.0", "530", torch="2.1.0a0", data_center="450.51 470.57 510.47 515.65 525.85", sure_os=False, sure_torch=False),
    Release("23.05", "22.04", "3.10", "12.1.1", "530", torch="2.0.0", data_center="450.51 470.57 510.47 515.65 525.85", sure_os=False, sure_torch=False),
    Release("23.06", "22.04", "3.10", "12.1.1", "530", torch="2.1.0a0", sure=False, sure_os=False, sure_torch=False),
    Release("23.07", "22.04", "3.10", "12.1.1", "530", torch="2.1.0a0", data_center="450.51 470.57 510.47 515.65 525.85", sure_os=False, sure_torch=False),
    Release("23.08", "22.04", "3.10", "12.2.1", "535", torch="2.1.0a0", data_center="450.51 470.57 510.47 525.85", sure_os=False, sure_torch=False),
    Release("23.09", "22.04", "3.10", "12.2.1", "535", torch="2.1.0a0+32f93b1"),
    Release("23.10", "22.04", "3.10", "12.2.2", "535.104.05", torch="2.1.0a0+32f93b1"),
    Release("23.11", "22.04", "3.10", "12.3.0", "545", torch="2.2.0a0", data_center="450.51 470.57 510.47 525.85 535.86", sure_os=False, sure_torch=False),
    Release("23.12", "22.04", "3.10", "12.3.2", "545", torch="2.2.0a0+81ea7a4", data_center="450.51 470.57 510.47 525.85 535.86", sure_os=False),
    Release("24.01", "22.04", "3.10.12", "12.3.2", "545", cudnn="8.9.7", torch="2.2.0a0+81ea7a4", data_center="470.57 525.85 535.86"),
    Release("24.02", "22.04", "3.10", "12.3.2", "545", torch="2.3.0a0+ebedce2", sure=False, sure_os=False),
    Release("24.03", "22.04", "3.10", "12.4.0", "550.54.14", torch="2.3.0a0+40ec155e58", sure=False, sure_os=False),
    Release("24.04", "22.04", "3.10.12", "12.4.1", "550.54.15", torch="2.3.0a0+6ddf5cf85e", sure_torch=False),
    Release("24.05", "22.04", "3.10.12", "12.4.1", "550.54.15", torch="2.4.0a0+07cecf4168"),
    Release("24.06", "22.04", "3.10.12", "12.5.0", "555.42.02", torch="2.4.0a0+f70bd71a48", sure_torch=False),
    Release("24.07", "22.04", "3.10.12", "12.5.1", "555.42.06", torch="2.4.0a0+3bcc3cddb5"),
    Release("24.08", "22.04", "3.10.12", "12.6.0", "560.35.03", torch="2.5.0a0+872d972e41", sure_torch=False),
    Release("24.09", "22.04", "3.10.12", "12.6.1", "560.35.03", torch="2.5.0a0+b465a5843b", sure_torch=False),
    Release("24.10", "22.04", "3.10.12", "12.6.2", "560.35.03", torch="2.5.0a0+e000cf0ad9", data_center="470.57 525.85 535.86 545.23"),
    Release("24.11", "24.04", "3.12.3", "12.6.3", "560.35.05", torch="2.6.0a0+df5bbc09d1"),
    Release("24.12", "24.04", "3.12.3", "12.6.3", "560.35.05", torch="2.6.0a0+df5bbc09d1", sure_torch=False),
    Release("25.01", "24.04", "3.12.3", "12.8.0", "570.86.10", torch="2.6.0a0+ecf3bae40a"),
    Release("25.02", "24.04", "3.12.3", "12.8.0", "570.86.10", torch="2.7.0a0+ecf3bae40a"),
    Release("25.03", "24.04", "3.12.3", "12.8.1", "570.124.06", torch="2.7.0a0+7c8ec84dab"),
    Release("25.04", "24.04", "3.12.3", "12.9.0", "575.51.02", torch="2.7.0a0+79aa17489c"),
    Release("25.05", "24.04", "3.12.3", "12.9.0", "575.51.03", torch="2.8.0a0+5228986c39"),
    Release("25.06", "24.04", "3.12.3", "12.9.1", "575.57.08", torch="2.8.0a0+5228986c39", sure=False),
    Release("25.07", "24.04", "3.12.3", "12.9.1", "575.57.08", sure=False),
    Release("25.08", "24.04", "3.12.3", "13.0.0", "580.65.06", torch="2.8.0a0+34c6371d24"),
    Release("25.09", "24.04", "3.12.3", "13.0.1", "580.82.07", torch="2.9.0a0+50eac811a6", sure_torch=False),
    Release("25.10", "24.04", "3.12.3", "13.0.2", "580.95.05", torch="2.9.0a0+145a3a7bda"),
    Release("25.11", "24.04", "3.12.3", "13.0.2", "580.95.05", torch="2.10.0a0+b558c986e8", sure_torch=False),
    Release("25.12", "24.04", "3.12.3", "13.1.0", "590.44.01", torch="2.10.0a0+b4e4ee81d3"),
    Release("26.01", "24.04", "3.12.3", "13.1.1", "590.48.01", torch="2.10.0a0+a36e1d39eb", sure_torch=False),
    Release("26.02", "24.04", "3.12.3", "13.1.1", "590.48.01"),
    Release("26.03", "24.04", "3.12.3", "13.2.0", "595.45.04"),
    Release("26.04", "24.04", "3.12.3", "13.2.1", "595.58.03"),
    Release("26.05", "24.04", "3.12.3", "13.2.1", "595.58.03"),
    Release("26.06", "24.04", "3.12.3", "13.3.0", "610.43.02"),
    Release("26.07", "24.04", "3.12.3", "13.3.0", "610.43.02"),
)
# fmt: on

# fmt: off
TRITON = (
    Triton("24.04", "trtllm", "3.10.12", "12.3.2", "545.23.08", "0.9.0", "2.3.0a0+ebedce2", 34.0),
    Triton("24.05", "trtllm", "3.10.12", "12.3.2", "545.23.08", "0.9.0", "2.3.0a0+ebedce2", 34.0),
    Triton("24.06", "trtllm", "3.10.12", "12.4.0", "550.54.14", "0.10.0", "2.3.0a0+40ec155e58.nv24.3", 31.0),
    Triton("24.07", "trtllm", "3.10.12", "12.4.1", "550.54.15", "0.11.0", "2.4.0a0+07cecf4168.nv24.5", 23.0),
    Triton("24.08", "trtllm", "3.10.12", "12.5.1", "555.42.06", "0.12.0", "2.4.0a0+3bcc3cddb5.nv24.7", 21.0),
    Triton("24.09", "trtllm", "3.10.12", "12.5.1", "555.42.06", "0.13.0", "2.4.0a0+3bcc3cddb5.nv24.7", 21.0),
    Triton("24.10", "trtllm", "3.10.12", "12.5.1", "555.42.06", "0.14.0", "2.4.0a0+3bcc3cddb5.nv24.7", 23.3),
    Triton("24.11", "trtllm", "3.10.12", "12.6.3", "555.42.06", "0.15.0", "2.5.0a0+e000cf0ad9.nv24.10", 24.8),
    Triton("24.12", "trtllm", "3.12.3", "12.6.3", "560.35.05", "0.16.0", "2.6.0a0+df5bbc09d1.nv24.11", 22.0),
    Triton("25.01", "trtllm", "3.12.3", "12.8.0", "570.86.10", "0.17.0", "2.6.0a0+ecf3bae40a.nv25.1", 30.0),
    Triton("25.02", "trtllm", "3.12.3", "12.8.0", "570.86.10", "0.17.0.post1", "2.6.0a0+ecf3bae40a.nv25.1", 28.0),
    Triton("25.03", "trtllm", "3.12.3", "12.8.1", "570.124.06", "0.18.0", "2.7.0a0+7c8ec84dab.nv25.3", 28.0),
    Triton("25.04", "trtllm", "3.12.3", "12.8.1", "570.124.06", "0.18.2", "2.7.0a0+7c8ec84dab.nv25.3", 17.0),
    Triton("25.05", "trtllm", "3.12.3", "12.8.1", "570.124.06", "0.19.0", "2.7.0a0+7c8ec84dab.nv25.3", 17.0),
    Triton("25.06", "trtllm", "3.12.3", "12.9.0", "575.51.03", "0.20.0", "2.7.0a0+79aa17489c.nv25.4", 18.3),
    Triton("25.07", "trtllm", "3.12.3", "12.9.0", "575.51.03", "0.20.0", "2.7.0a0+79aa17489c.nv25.4", 18.3),
    Triton("25.08", "trtllm", "3.12.3", "12.9.0", "575.51.03", "0.21.0", "2.8.0a0+5228986c39.nv25.5", 20.49),
    Triton("25.09", "trtllm", "3.12.3", "12.9.1", "575.57.08", "1.0.0", "2.8.0a0+5228986c39.nv25.6", 16.25),
    Triton("25.10", "trtllm", "3.12.3", "12.9.1", "575.57.08", "1.0.0", "2.8.0a0+5228986c39.nv25.6", 16.21),
    Triton("25.11", "trtllm", "3.12.3", "13.0.2", "580.95.05", "1.0.3.2510", "2.9.0a0+145a3a7bda.nv25.10", 12.25),
    Triton("25.12", "trtllm", "3.12.3", "13.0.2", "580.95.05", "1.1.0", "2.9.0a0+145a3a7bda.nv25.10", 16.04),
    Triton("26.01", "trtllm", "3.12.3", "13.0.2", "580.95.05", "1.1.0", "2.9.0a0+145a3a7bda.nv25.10", 16.17),
    Triton("26.02", "trtllm", "3.12.3", "13.0.2", "580.95.05", "1.1.0", "2.9.0a0+145a3a7bda.nv25.10", 16.17),
    Triton("26.03", "trtllm", "3.12.3", "13.1.0", "590.44.01", "1.2.0", "2.10.0a0+b4e4ee81d3.nv25.12", 14.18),
    Triton("26.04", "trtllm", "3.12.3", "13.1.0", "590.44.01", "1.2.1", "2.10.0a0+b4e4ee81d3.nv25.12", 14.22),
    Triton("26.05", "trtllm", "3.12.3", "13.1.0", "590.44.01", "1.2.1", "2.10.0a0+b4e4ee81d3.nv25.12", 14.22),
    Triton("26.06", "trtllm", "3.12.3", "13.1.0", "590.44.01", "1.2.1", "2.10.0a0+b4e4ee81d3.nv25.12", 14.24),
    Triton("26.07", "trtllm", "3.12.3", "13.1.0", "590.44.01", "1.2.1", "2.10.0a0+b4e4ee81d3.nv25.12", 14.2),
    Triton("24.04", "vllm", "3.10.12", "12.4.1", "550.54.15", "0.4.0 post1", None, 17.0),
    Triton("24.05", "vllm", "3.10.12", "12.4.1", "550.54.15", "0.4.0 post1", None, 18.0),
    Triton("24.06", "vllm", "3.10.12", "12.5.0", "555.42.02", "0.4.3", None, 18.0),
    Triton("24.07", "vllm", "3.10.12", "12.5.1", "555.42.06", "0.5.0 post1", None, 19.0),
    Triton("24.08", "vllm", "3.10.12", "12.6.0", "560.35.03", "0.5.0 post1", None, 19.0),
    Triton("24.09", "vllm", "3.10.12", "12.6.1", "560.35.03", "0.5.3.post1", None, 19.0),
    Triton("24.10", "vllm", "3.10.12", "12.6.2", "560.35.03", "0.5.5", None, 21.0),
    Triton("24.11", "vllm", "3.12.3", "12.6.3", "560.35.05", "0.5.5", None, 22.1),
    Triton("24.12", "vllm", "3.12.3", "12.6.3", "560.35.05", "0.5.5", None, 20.0),
    Triton("25.01", "vllm", "3.12.3", "12.8.0", "570.86.10", "0.6.3.post1", None, 23.0),
    Triton("25.02", "vllm", "3.12.3", "12.8.0", "570.86.10", "0.7.0+5e800e3d.nv25.2.cu128", None, 22.0),
    Triton("25.03", "vllm", "3.12.3", "12.8.1", "570.124.06", "0.7.3+04de634a.nv25.3.cu128", None, 22.0),
    Triton("25.04", "vllm", "3.12.3", "12.9.0", "575.51.02", "0.8.1+5f4af9e0.nv25.4.cu129", None, 10.0),
    Triton("25.05", "vllm", "3.12.3", "12.9.0", "575.51.03", "0.8.4+dc1a3e10.nv25.5.cu129", None, 10.0),
    Triton("25.06", "vllm", "3.12.3", "12.9.0", "575.51.03", "0.9.0rc1+1958ee56.nv25.6.cu129", None, 10.0),
    Triton("25.07", "vllm", "3.12.3", "12.9.0", "575.51.03", "0.9.0rc1+1958ee56.nv25.6.cu129", None, 10.0),
    Triton("25.08", "vllm", "3.12.3", "13.0.1", "580.82.07", "0.9.2+4ef1e343.nv25.8.post1.cu130", None, 8.1),
    Triton("25.09", "vllm", "3.12.3", "13.0.1", "580.82.07", "0.10.1.1+381074ae.nv25.9.cu130", None, 7.78),
    Triton("25.10", "vllm", "3.12.3", "13.0.2", "580.95.05", "0.10.2+9dd9ca32.nv25.10.cu130", None, 8.34),
    Triton("25.11", "vllm", "3.12.3", "13.0.2", "580.95.05", "0.11.0+582e4e37.nv25.11.cu130", None, 8.72),
    Triton("25.12", "vllm", "3.12.3", "13.1.0", "590.44.01", "0.11.1+9114fd76.nv25.12.cu131", None, 8.54),
    Triton("26.01", "vllm", "3.12.3", "13.1.1", "590.48.01", "0.13.0+faa43dbf.nv26.1.cu131", None, 8.79),
    Triton("26.02", "vllm", "3.12.3", "13.1.1", "590.48.01", "0.15.1+nv26.2", None, 8.9),
    Triton("26.03", "vllm", "3.12.3", "13.2.0", "595.45.04", "0.17.1+fb2e3ab6.nv26.3.46332470.cu132", None, 9.22),
    Triton("26.04", "vllm", "3.12.3", "13.2.1", "595.58.03", "0.19.0+6bc3197f.nv26.04.48761268", None, 9.09),
    Triton("26.05", "vllm", "3.12.3", "13.2.1", "595.58.03", "0.19.0+6bc3197f.nv26.04.48761268", None, 9.3),
    Triton("26.06", "vllm", "3.12.3", "13.3.0", "610.43.02", "0.22.1+7b9cb5b7.nv26.6.55098374", None, 10.21),
    Triton("26.07", "vllm", "3.12.3", "13.3.0", "610.43.02", "0.24.0+092c4842.nv26.7.57386851", None, 10.28),
)
# fmt: on

PYTORCH_BESIDES = "apex flash-attn jupyterlab torchvision transformer-engine"
"""What nvcr.io/nvidia/pytorch holds besides torch: NVIDIA's release notes; flash-attn is recalled."""

LAST_TENSORFLOW = "25.02"
"""The last month of nvcr.io/nvidia/tensorflow; recalled."""

LAST_TENSORFLOW_1 = "23.03"
"""The last month with -tf1-py3 tags."""
