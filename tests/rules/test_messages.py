"""What the findings say where the words depend on the file: remedies that fit the image, and short repetitions."""

from __future__ import annotations

import pytest

from mllint.engine import check
from mllint.plugins import Registry
from mllint.semantic.fact import BuildOptions
from mllint.source import Source

_SLIM = "FROM python:3.12.7-slim\n"
_DIGEST = f"@sha256:{'0' * 64}"
_APT = "RUN apt-get install -y git\n"


def messages(registry: Registry, rule_id: str, text: str) -> list[str]:
    checked = check(Source("<stdin>", text), [registry.load(rule_id)()], BuildOptions())
    assert not checked.crashes
    return [finding.message for finding in checked.findings]


@pytest.mark.parametrize(
    ("rule_id", "text", "said"),
    [
        ("ML201", "FROM nvidia/cuda:11.8.0-base-ubuntu20.04\nRUN pip install torch\n", "another CUDA than your driver"),
        ("ML201", "FROM nvidia/cuda:12.4.1-base-ubuntu24.04\nRUN pip install torch\n", "default wheel moved"),
        ("ML201", f'{_SLIM}RUN pip install a\nCMD ["uvicorn", "a:b"]\n', "the build or the service"),
        (
            "ML205",
            f"{_SLIM}RUN pip install a==1\nRUN pip install b==1\n",
            "`ENV PIP_NO_CACHE_DIR=1` above it: one more",
        ),
        ("ML205", f"{_SLIM}RUN pip install a==1\nRUN rm -rf ~/.cache\n", "the removal on line 3 is another layer"),
        ("ML501", f"{_SLIM}CMD python a.py\n", "in front of CMD: `RUN useradd --create-home --uid 1000 app`"),
        ("ML501", f"{_SLIM}RUN useradd -m bob\nCMD python a.py\n", "The user `bob` is made here and not used"),
        ("ML501", f"{_SLIM}RUN useradd -r bob\nCMD python a.py\n", "Create a user"),
        ("ML501", f"{_SLIM}RUN useradd $NAME\nCMD python a.py\n", "Create a user"),
        ("ML501", "FROM ubuntu:24.04\nCMD python a.py\n", "--uid 1001 app"),
        (
            "ML501",
            "FROM node:22.9.0-slim\nCMD node a.js\n",
            "The image has a user for this: write `USER node` in front",
        ),
        ("ML501", "FROM nginx:1.27-alpine\n", "`nginxinc/nginx-unprivileged` is the same server"),
        ("ML501", f"FROM debian:12.6-slim{_DIGEST}\nCMD true\n", "root: `debian:12.6-slim` starts as root"),
        ("ML501", "FROM alpine:3.22\nCMD python a.py\n", "`RUN adduser -D -u 1000 app`"),
        ("ML501", 'FROM scratch\nCOPY a /\nCMD ["/a"]\n', "`USER 65532:65532`"),
        ("ML501", _SLIM, "and of all that are built on it, run as root"),
        ("ML503", f"FROM bentoml/bento-server:1.0{_DIGEST}\n", "`bentoml/bento-server:1.0` serves here"),
        ("ML503", f'{_SLIM}EXPOSE 7860\nCMD ["python", "a.py"]\n', "Port 7860 is exposed without a HEALTHCHECK"),
        ("ML505", f"{_SLIM}CMD gunicorn -b $HOST a:b\n", "`CMD exec gunicorn …`"),
        ("ML505", f"{_SLIM}CMD cd a && gunicorn a:b\n", "Start the last command with `exec`"),
        ("ML601", f"{_SLIM}COPY . .\nRUN pip install -r a.txt\n", "Copy `a.txt` alone"),
        ("ML601", f"{_SLIM}COPY a.txt .\nCOPY . .\nRUN pip install -r a.txt\n", "Move this COPY below it"),
        ("ML601", f"{_SLIM}COPY a.txt a.py ./\nRUN pip install -r a.txt\n", "Copy `a.txt` alone"),
        ("ML601", f"{_SLIM}COPY a.py .\nRUN pip install a==1\n", "Each edit in `a.py` makes the next build run"),
        (
            "ML610",
            "FROM continuumio/miniconda3:24.9.2-0\nRUN conda activate x\n",
            "conda asks for `conda init` and stops",
        ),
        (
            "ML610",
            "FROM continuumio/miniconda3:24.9.2-0\nRUN . /opt/conda/etc/profile.d/conda.sh && conda activate x\n",
            "RUN only, and the next one starts without it. Set what it sets",
        ),
        (
            "ML610",
            'FROM continuumio/miniconda3:24.9.2-0\nSHELL ["/bin/bash", "-lc"]\nRUN conda activate x\n',
            "the next one starts without it: what comes below has the base environment",
        ),
        ("ML603", f"FROM ubuntu:24.04@sha256:abc...\n{_APT}", "`ubuntu` comes without package lists"),
        ("ML603", f"FROM ubuntu:24.04{_DIGEST}\n{_APT}", "`ubuntu:24.04` comes without package lists"),
        ("ML205", f"{_SLIM}RUN pip install uv==0.5.4\n", "a few MB. Add `--no-cache-dir`."),
        ("ML205", f"{_SLIM}RUN pip install a.whl\n", "not the local files, but the packages that they depend on"),
        (
            "ML601",
            f"{_SLIM}COPY . .\nRUN apt-get install -y git\nRUN pip install a==1\n",
            "run `pip install a` and `apt-get install git` again",
        ),
        (
            "ML601",
            f"{_SLIM}COPY . .\n" + "".join(f"RUN pip install {name}==1\n" for name in "abcdef"),
            "run `pip install a`, `pip install b`, `pip install c` and 3 more again",
        ),
        (
            "ML601",
            f"{_SLIM}COPY . .\nRUN pip install a==1 b==2\nRUN pip install -r r.txt\n",
            "run `pip install -r r.txt` and `pip install a …` again",
        ),
        (
            "ML601",
            f"{_SLIM}COPY src src\nRUN pip install torch==2.5.1 && ./src/build.sh\n",
            "none of the sources. Give it a RUN of its own above this COPY.",
        ),
        (
            "ML601",
            f"{_SLIM}COPY . /app\nWORKDIR /app\nRUN pip install -r requirements/serve.txt\n",
            "Copy `requirements/serve.txt` alone",
        ),
        (
            "ML601",
            f"{_SLIM}COPY src src\nCOPY $LOCK ./reqs.txt\nRUN pip install -r ./reqs.txt && /app/src/apply.sh\n",
            "run `pip install -r ./reqs.txt` again, though it needs none of the sources. Give it a RUN of its own",
        ),
        (
            "ML601",
            f"{_SLIM}COPY . .\nRUN pip install torch==2.5.1\nRUN pip install torch==2.5.1 numpy==2.1.3\n",
            "run `pip install torch` (torch 2.5.1 alone is 906 MB) and `pip install torch …` again",
        ),
        (
            "ML601",
            f"{_SLIM}COPY src src\nRUN ./src/prepare.sh\nRUN pip install torch==2.5.1\n",
            "Move it above this COPY.",
        ),
        ("ML601", f"{_SLIM}COPY src src\nRUN ls src\nRUN pip install torch==2.5.1\n", "Move this COPY below it."),
        (
            "ML602",
            "FROM registry.access.redhat.com/ubi9/ubi-minimal:9.5\nRUN microdnf install -y git\n",
            "microdnf leaves the repositories' metadata in `/var/cache/yum`",
        ),
        ("ML610", f"{_SLIM}RUN make && cd /srv\nRUN ls\n", "Write `WORKDIR /srv`, or leave it out."),
        ("ML610", f"{_SLIM}RUN cd /srv\nRUN ls\n", "Write `WORKDIR /srv`."),
        (
            "ML605",
            f"{_SLIM}ENV VLLM_LOGGING_LEVEL=INFO\nRUN apt-get update && apt-get install -y gcc\nCMD uvicorn a:b\n",
            "`VLLM_LOGGING_LEVEL` is for vLLM, which may compile while it runs; what",
        ),
        (
            "ML505",
            "FROM ollama/ollama:0.6.6\nCMD ollama serve\n",
            'and the container stops at its start. Write each word in JSON form: `CMD ["serve"]`.',
        ),
        (
            "ML505",
            "FROM vllm/vllm-openai:v0.11.0\nCMD python3 batch.py\n",
            'Write each word in JSON form: `ENTRYPOINT ["python3", "batch.py"]`.',
        ),
        (
            "ML505",
            f'{_SLIM}ENTRYPOINT ["python"]\nCMD -u $APP\n',
            "this reaches the ENTRYPOINT of line 2 (`python`) as the arguments",
        ),
        (
            "ML505",
            f"{_SLIM}CMD python a.py; echo end\n",
            "`python` hears nothing and is killed after the grace period. Start it",
        ),
    ],
)
def test_what_is_said(registry, rule_id, text, said):
    (message,) = messages(registry, rule_id, text)[:1]

    assert said in message


@pytest.mark.parametrize(
    ("rule_id", "text"),
    [
        ("ML201", f"{_SLIM}RUN pip install a\nRUN pip install b\n"),
        ("ML205", f"{_SLIM}RUN pip install a==1\nRUN pip install b==1\n"),
        ("ML602", f"{_SLIM}RUN apt-get update && apt-get install a\nRUN apt-get update && apt-get install b\n"),
    ],
)
def test_a_repetition_is_short(registry, rule_id, text):
    first, second = messages(registry, rule_id, text)

    assert len(second) < len(first) * 2 / 3


def test_another_consequence_is_no_repetition(registry):
    first, second = messages(registry, "ML201", f"{_SLIM}RUN pip install a\nRUN pip install numpy\n")

    assert "NumPy 2" in second
    assert "NumPy" not in first


@pytest.mark.parametrize(
    ("text", "edit"),
    [
        (
            "FROM ollama/ollama:0.6.6\n",
            '\nHEALTHCHECK --interval=30s --timeout=5s --start-period=30s \\\n  CMD ["ollama',
        ),
        (f"# escape=`\n{_SLIM}EXPOSE 80\nCMD serve\n", "--start-period=60s `\n  CMD"),
        (f"{_SLIM}EXPOSE 80\nCMD python a.py\n", "HEALTHCHECK"),
        (f"{_SLIM}EXPOSE 6379 8265\nCMD python a.py\n", "http://127.0.0.1:8265/health"),
        ("FROM pytorch/torchserve:0.9.0-cpu\n", "http://127.0.0.1:8080/ping"),
    ],
)
def test_a_health_check_is_proposed(registry, text, edit):
    (finding,) = check(Source("<stdin>", text), [registry.load("ML503")()], BuildOptions()).findings

    assert edit in finding.fix.edits[0].content


@pytest.mark.parametrize("base", [_SLIM.strip(), "FROM nvcr.io/nvidia/tritonserver:24.05-py3"])
def test_no_request_is_proposed_to_a_port_that_speaks_no_http(registry: Registry, base: str) -> None:
    port = 8001 if "triton" in base else 6379
    text = f"{base}\nEXPOSE {port}\nCMD python a.py\n"
    (finding,) = check(Source("<stdin>", text), [registry.load("ML503")()], BuildOptions()).findings

    assert finding.fix is None


def test_a_host_is_explained_once(registry: Registry) -> None:
    text = f"{_SLIM}ADD https://files.example.org/a.pt /a.pt\nADD https://files.example.org/b.pt /b.pt\n"
    first, second = messages(registry, "ML408", text)
    assert "`files.example.org` sends" in first
    assert second == "Nothing compares `b.pt` with what it should be either (see line 2). Give its sum."


@pytest.mark.parametrize("command", ["uv pip install /wheels/{}.whl", "pip install /wheels/{}.whl"])
def test_what_light_caches_keep_is_said_once(registry: Registry, command: str) -> None:
    first, second = messages(registry, "ML205", f"{_SLIM}RUN {command.format('a')}\nRUN {command.format('b')}\n")
    assert len(second) < len(first) / 2 + 20
    assert "keeps its cache in this layer, too (see line 2)" in second


def test_one_run_that_says_the_same_of_several_pythons(registry: Registry) -> None:
    text = f"{_SLIM}RUN python3.11 -m pip install -U pip && python3.12 -m pip install -U pip\n"
    assert len(messages(registry, "ML201", text)) == 1
    assert len(messages(registry, "ML201", text.replace(" && ", "\nRUN "))) == 2
