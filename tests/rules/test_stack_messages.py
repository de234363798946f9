"""What the rules about packages and GPUs say: figures, what will happen, and what to do, as the file needs it."""

from __future__ import annotations

import re

import pytest
from catalogue import CATALOGUE

from mllint.engine import check
from mllint.pages import page
from mllint.plugins import Registry
from mllint.semantic.fact import BuildOptions
from mllint.source import Source
from mllint.testing import build_options, context_file, lay_out, rule_settings

_SLIM = "FROM python:3.11.9-slim\n"
_BUILDER = "FROM python:3.11.9-slim AS a\nRUN pip install torch==2.6.0+cpu\n"
_CUDA = "FROM nvidia/cuda:12.4.1-devel-ubuntu22.04\n"
_RUNTIME = "FROM nvidia/cuda:12.4.1-cudnn-runtime-ubuntu22.04\n"
_TORCH = "FROM pytorch/pytorch:2.4.1-cuda12.4-cudnn9-runtime\n"
_TRAIN = 'CMD ["python3", "train.py"]\n'


def messages(registry: Registry, rule_id: str, text: str, **options: str) -> list[str]:
    checked = check(Source("<stdin>", text), [registry.load(rule_id)()], BuildOptions(**options))
    assert not checked.crashes
    return [finding.message for finding in checked.findings]


@pytest.mark.parametrize(
    ("rule_id", "text", "said"),
    [
        ("ML207", f"{_SLIM}RUN pip install sklearn\n", "`sklearn` stops the build: a deprecated alias whose setup.py"),
        ("ML207", f"{_SLIM}RUN pip install tensorflow-gpu==2.12.0\n", "2.12.0 and newer stops the build"),
        ("ML207", f'{_SLIM}RUN pip install "tensorflow[and-cuda]==2.15.0"\n', "Use `tensorflow[and-cuda]==2.15.1`."),
        (
            "ML207",
            "FROM python:3.6\nRUN pip install tensorflow-gpu\n",
            "stops the build on Python 3.8 and newer: its last",
        ),
        ("ML208", f"{_SLIM}RUN pip install opencv-python opencv-python-headless\n", "install the module `cv2` here"),
        (
            "ML209",
            f"{_CUDA}RUN pip install git+https://github.com/facebookresearch/xformers\n",
            "`xformers==<version>`",
        ),
        (
            "ML210",
            f"{_SLIM}RUN pip install torch==2.0.1+cu118\n",
            "`--extra-index-url https://download.pytorch.org/whl/cu",
        ),
        (
            "ML211",
            "FROM python:3.12-slim\nRUN pip install tensorflow==2.15.0\n",
            "`tensorflow==2.16.1` is the first release",
        ),
        (
            "ML211",
            "FROM python:3.12-slim\nRUN pip install tensorflow==2.15.0\n",
            "the build stops with `No matching distribution found`.",
        ),
        (
            "ML211",
            "FROM python:3.12-slim\nRUN uv pip install --system tensorflow==2.15.0\n",
            "the build stops with `No solution found when resolving dependencies`.",
        ),
        (
            "ML212",
            f"{_SLIM}RUN pip install torch==2.6.0+cpu\nRUN pip install --force-reinstall torch==2.6.0+cpu\n",
            "is there already, and is fetched again: the image grows by about 190 MB.",
        ),
        (
            "ML212",
            f"{_BUILDER}RUN pip install --force-reinstall torch==2.6.0+cpu\n{_SLIM}COPY --from=a /v /v\n",
            "is there already, and is fetched again: about 190 MB are downloaded for nothing.",
        ),
        ("ML212", f"{_TORCH}RUN pip install torch==2.3.1\n", "about 2.8 GB of the old one stay in the layers below"),
        ("ML212", f"{_TORCH}RUN pip install torch==2.3.1\n", "Start from an image of `pytorch/pytorch:2.3.1`"),
        ("ML213", f"{_SLIM}RUN pip install torch==2.1.0 torchvision==0.15.2\n", "Take `torchvision==0.16.0`."),
        (
            "ML213",
            "FROM vllm/vllm-openai:v0.6.4.post1\nRUN pip install torch==2.4.0\n",
            "Leave `torch` out: the image has the one that fits.",
        ),
        (
            "ML213",
            "FROM vllm/vllm-openai:v0.6.4.post1\nRUN pip install torch==2.5.0\n",
            "nobody tests this pair. Leave `torch` out",
        ),
        (
            "ML214",
            f"{_SLIM}RUN pip install pandas==2.0.3 numpy==2.1.3\n",
            "Pin `numpy==1.26.4`, or pandas 2.2.2 or newer",
        ),
        ("ML215", f"{_SLIM}RUN pip install opencv-python\n", "take `opencv-python-headless`, which does without"),
        ("ML217", "FROM continuumio/anaconda3\nRUN conda install numpy\n", "200 people or more"),
        ("ML219", f"{_SLIM}RUN pip install torch==2.4.1 tensorflow==2.16.1\n", "PyTorch (about 2.8 GB) and TensorFlow"),
        ("ML223", f"{_SLIM}RUN pip install huggingface_hub==1.2.0\nRUN huggingface-cli whoami\n", "1.2.0 is installed"),
        ("ML223", "FROM debian:13\nRUN apt-key add key.asc\n", "Use a keyring in /etc/apt/keyrings with `signed-by`."),
        ("ML225", f"{_SLIM}RUN pip install torch>=2.0\n", 'Write `"torch>=2.0"`.'),
        (
            "ML303",
            f"{_SLIM}RUN pip install torch==2.3.1 --index-url https://download.pytorch.org/whl/cu122\n",
            "run `cu121`",
        ),
        (
            "ML304",
            "FROM ubuntu:22.04\nRUN apt-get install -y cuda-12-4\n",
            "Install `cuda-toolkit-12-4`, the same without",
        ),
        (
            "ML305",
            f"{_SLIM}RUN pip install onnxruntime-gpu==1.20.2\n",
            "loads CUDA 12 and cuDNN 9 from the image, which has",
        ),
        ("ML306", f"{_SLIM}RUN pip install torch==2.4.1\n", "about 2.8 GB to pull"),
        ("ML306", f"{_SLIM}RUN pip install torch==2.4.1\n", "gets the CPU build, about 190 MB"),
        ("ML308", f"{_CUDA}{_TRAIN}", "(about 3.8 GB to pull instead of 1.2 GB)"),
        ("ML308", f"{_CUDA}RUN pip install torch==2.5.1\n{_TRAIN}", "(about 3.8 GB to pull instead of 0.09 GB)"),
        (
            "ML308",
            f"{_CUDA}RUN pip install torch==2.5.1\n{_TRAIN}",
            "brings its own CUDA and loads nothing of the image's: take `nvidia/cuda:12.4.1-base-ubuntu22.04`",
        ),
        (
            "ML308",
            f"FROM pytorch/pytorch:2.4.0-cuda12.4-cudnn9-devel\n{_TRAIN}",
            "nothing in this stage compiles. Take `pytorch/pytorch:2.4.0-cuda12.4-cudnn9-runtime`.",
        ),
        ("ML309", f"{_RUNTIME}RUN pip install torch==2.5.1\n", "its own CUDA 12.4 (about 1.9 GB)"),
        (
            "ML310",
            f"{_CUDA}RUN nvidia-smi\n",
            "the build stops with `nvidia-smi: not found`. Ask when the container starts",
        ),
        ("ML310", f"{_CUDA}RUN pip install mmcv-full\n", 'such as `ENV TORCH_CUDA_ARCH_LIST="8.0;8.6;9.0"`'),
        (
            "ML311",
            f"{_CUDA}ENV CUDA_VISIBLE_DEVICES=3\n",
            "In a container with fewer than 4 GPUs this hides all of them",
        ),
        (
            "ML311",
            f"{_CUDA}ENV CUDA_VISIBLE_DEVICES=0,1\n",
            "Of more than 2 GPUs that the container gets, programs use 2",
        ),
        (
            "ML312",
            'FROM nvidia/cuda:11.7.1-devel-ubuntu22.04\nENV TORCH_CUDA_ARCH_LIST="9.0"\n',
            "CUDA 11.8 is the first",
        ),
        ("ML313", f"{_CUDA}RUN pip install torch==2.5.1 cupy-cuda11x==13.3.0\n", "Take `cupy-cuda12x`."),
        (
            "ML313",
            f"{_SLIM}RUN pip install torch==2.11.0 jax[cuda12]==0.9.0\n",
            "Take torch's build for CUDA 12: `https://download.pytorch.org/whl/cu128`.",
        ),
        (
            "ML313",
            f"{_SLIM}RUN pip install torch==2.15.0 jax[cuda12]==0.9.0\n",
            "Take builds of the two for one CUDA.",
        ),
        ("ML315", f"{_CUDA}ENV CUDA_HOME=/usr/local/cuda-11.3\n", "is not in this image, whose CUDA is 12.4"),
        ("ML316", "FROM mirror.gcr.io/nvidia/cuda:11.2.0-base-ubuntu20.04\nRUN apt-get update\n", "NO_PUBKEY A4B46996"),
    ],
)
def test_what_is_said(registry: Registry, rule_id: str, text: str, said: str) -> None:
    found = messages(registry, rule_id, text)

    assert any(said in message for message in found), found


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        (_CUDA, {"driver": "470.82.01"}, "needs driver 525.60.13 or newer, the target has 470.82.01"),
        (_CUDA, {"driver": "470.82.01", "gpu": "RTX-3090"}, "on the target's RTX-3090 cuda-compat does not help"),
        (
            f"{_SLIM}RUN pip install torch==2.15.0\n",
            {"driver": "570.86.10", "gpu": "H100"},
            "CUDA 13.2 of torch 2.15.0",
        ),
    ],
)
def test_what_is_said_of_a_driver(registry: Registry, text: str, options: dict[str, str], said: str) -> None:
    (message,) = messages(registry, "ML301", text, **options)

    assert said in message


#: Words that start what a message asks for, or what its last clause offers in the place of what is there.
_REMEDY = re.compile(
    r"\b(?:take|use|set|pin|write|add|install|leave|copy|start|run|put|name|keep|mount|move|make|give|say|ask|change|"
    r"choose|append|build|end|remove|list|rename|create|declare|quote|check|download|merge|drop|unpack|order|switch|"
    r"point|replace|fetch|clean|turn|wait|read|mark|pass|train|log|serve|send|try|"
    r"extract|let|delete|bind|store|either|else)\b",
    re.IGNORECASE,
)


@pytest.mark.parametrize("rule_id", [each for each in CATALOGUE if not each.startswith("ML0")])
def test_a_message_is_whole_sentences_that_end_in_what_to_do(
    registry: Registry, rule_id: str, tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    rule = registry.load(rule_id)
    for example in page(rule).examples("Bad"):
        lay_out(map(context_file, example.files), "context")
        source = Source(example.options.get("name", "<stdin>"), example.text)
        options = build_options(example.options, context="context" if example.files else None)
        for finding in check(source, [rule(rule_settings(rule, example.options))], options).findings:
            if finding.rule != rule_id:
                continue
            text = finding.message
            assert text[0].isupper() or not text[0].isalpha() or text.split()[0].islower(), text
            assert text.endswith("."), text
            assert "  " not in text, text
            assert ".." not in text.replace("...", ""), text
            assert text.count("`") % 2 == 0, text
            last = re.split(r"(?<=[.:;]) ", text)[-2:]
            assert _REMEDY.search(" ".join(last)), text
