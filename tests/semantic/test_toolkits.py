from __future__ import annotations

from mllint.semantic.toolkits import Toolkits, toolkits


def test_the_toolkit_of_the_base(build) -> None:
    assert toolkits(build("FROM nvidia/cuda:12.4.1-devel-ubuntu22.04").final) == Toolkits(
        "12.4", frozenset({"12.4"}), complete=True
    )


def test_what_is_installed_copied_or_linked_is_there_too(build) -> None:
    found = toolkits(
        build(
            "FROM nvidia/cuda:12.4.1-devel-ubuntu22.04\n"
            "RUN apt-get install -y cuda-toolkit-11-8 libcublas-dev-12-1\n"
            "RUN ln -s /usr/local/cuda /usr/local/cuda-12.2\n"
            "COPY --from=x /usr/local/cuda-11.3 /usr/local/cuda-11.3\n"
        ).final
    )
    assert found.versions == {"12.4", "11.8", "12.1", "12.2", "11.3"}
    assert found.complete


def test_what_may_bring_another_one(build) -> None:
    head = "FROM nvidia/cuda:12.4.1-devel-ubuntu22.04\n"
    for line in ("RUN bash install.sh", "RUN apt-get install -y cuda-toolkit", "COPY --from=x /usr/local /usr/local"):
        assert not toolkits(build(head + line).final).complete


def test_images_without_a_known_toolkit(build) -> None:
    for image in ("ubuntu:22.04", "pytorch/pytorch:2.5.1-cuda12.4-cudnn9-runtime", "registry.example.com/cuda:12"):
        assert toolkits(build(f"FROM {image}").final).base is None
