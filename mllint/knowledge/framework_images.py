# ruff: noqa: E501
"""Notebook, conda, framework and serving images that are not covered by a table of their own."""

from __future__ import annotations

from typing import NamedTuple

SOURCE = ("the Dockerfile of each project, as stored in 2026 where nothing else is said (see the facts of a row)",)
CHECKED = "2026-11-20"


class FrameworkImage(NamedTuple):
    """A repository, or every repository under a prefix that ends in "/"; lists are separated by blanks.

    `recalled` names the fields that rest on memory ("*": all of them). None and "" are unknown; for `entrypoint` and
    `cmd` "-" says that there is none, and for `healthcheck` False says so.
    """

    name: str
    """As `registry/path`, Docker Hub's official images as `docker.io/library/…`."""
    user: str | None = None
    purpose: str | None = None
    python: str | None = None
    commands: str = ""
    """Interpreters and package managers on PATH, and tools: what `has` answers yes to."""
    lacks: str = ""
    os: str = ""
    """"ubuntu 22.04"."""
    gpu: str | None = None
    healthcheck: bool | None = None
    entrypoint: str = ""
    cmd: str = ""
    ports: str = ""
    workdir: str | None = None
    env: str = ""
    """NAME=value, separated by blanks."""
    framework: str = ""
    """The package whose version the tag carries."""
    recalled: str = ""
    note: str = ""


# fmt: off
IMAGES = (
    FrameworkImage("quay.io/jupyter/", "jovyan", "notebook", None, "python python3 pip conda mamba jupyter jupyter-lab wget tini", "", "ubuntu 24.04", None, True, "tini -g -- start.sh", "start-notebook.py", "8888", "/home/jovyan", "CONDA_DIR=/opt/conda SHELL=/bin/bash NB_USER=jovyan NB_UID=1000 NB_GID=100 LANG=C.UTF-8 LANGUAGE=C.UTF-8 LC_ALL=C.UTF-8 JUPYTER_PORT=8888", recalled="os env workdir", note="Its HEALTHCHECK asks Jupyter: an image that starts something else turns unhealthy."),
    FrameworkImage("docker.io/jupyter/", "jovyan", "notebook", None, "python python3 pip conda jupyter wget", "", "ubuntu", None, None, "tini -g --", "", "8888", "/home/jovyan", recalled="*"),
    FrameworkImage("docker.io/huggingface/transformers-pytorch-gpu", "root", "training", None, "python3 pip git gcc nvcc", "", "ubuntu 22.04", "cuda", False, framework="transformers", recalled="os", note="A test image (development tree of transformers), not made for serving."),
    FrameworkImage("docker.io/huggingface/transformers-pytorch-deepspeed-latest-gpu", "root", "training", gpu="cuda", recalled="*"),
    FrameworkImage("ghcr.io/huggingface/text-generation-inference", "root", "serving", "3.11", "curl gcc python", "", "ubuntu 22.04", None, False, "/tgi-entrypoint.sh", "", "80", None, "HF_HOME=/data HF_HUB_ENABLE_HF_TRANSFER=1 PORT=80", "text-generation"),
    FrameworkImage("ghcr.io/huggingface/text-embeddings-inference", "root", "serving", None, "curl", "", "", None, False, "text-embeddings-router", "--json-output", "80", None, "HUGGINGFACE_HUB_CACHE=/data PORT=80", note="The tag without prefix is built for compute capability 8.0 only: turing-, 86-, 89- and hopper- are the others."),
    FrameworkImage("docker.io/vllm/vllm-openai", "root", "serving", "3.12", "python3 pip curl vllm", "", "ubuntu 22.04", "cuda", False, "vllm serve", "-", "8000", "/vllm-workspace", "", "vllm", "python os commands workdir", note="Before 0.11 it starts the same server by its module, vllm.entrypoints.openai.api_server."),
    FrameworkImage("docker.io/lmsysorg/sglang", "root", "serving", "3.12", "python3 pip curl wget git gcc", "", "ubuntu 22.04", "cuda", False, "-", "", "30000", "/sgl-workspace/sglang", "", "sglang", note="A development image: compilers, a debugger and an SSH server, several GB of tools."),
    FrameworkImage("docker.io/rocm/pytorch", "root", "training", None, "python3 pip", gpu="rocm", framework="torch", recalled="*"),
    FrameworkImage("docker.io/rocm/", "root", None, gpu="rocm", recalled="*"),
    FrameworkImage("docker.io/rayproject/ray", "ray", "training", None, "python pip conda wget sudo ray", "curl", "ubuntu 22.04", None, False, workdir="/home/ray", framework="ray", recalled="os workdir", note="The GPU images are built on CUDA devel images."),
    FrameworkImage("docker.io/rayproject/ray-ml", "ray", "training", None, "python pip conda wget sudo ray", framework="ray", recalled="*"),
    FrameworkImage("docker.io/bitnami/", "1001", None, os="debian 12", recalled="os"),
    FrameworkImage("docker.io/bitnamilegacy/", "1001", None, os="debian 12", recalled="os"),
    FrameworkImage("docker.io/continuumio/miniconda3", "root", "conda", None, "python python3 pip conda wget git", "curl", "debian 12", None, False, "-", "/bin/bash", "", "/", "LANG=C.UTF-8 LC_ALL=C.UTF-8", recalled="os workdir", note="Its channel is defaults: Anaconda's terms of service apply."),
    FrameworkImage("docker.io/continuumio/anaconda3", "root", "conda", None, "python python3 pip conda jupyter", "", "debian", None, None, cmd="/bin/bash", recalled="*", note="The whole Anaconda distribution; its channel is defaults: Anaconda's terms of service apply."),
    FrameworkImage("docker.io/condaforge/miniforge3", "root", "conda", None, "python python3 pip conda mamba wget git bzip2 tini", "", "ubuntu 24.04", None, False, "tini --", "/bin/bash", "", "/", "CONDA_DIR=/opt/conda LANG=C.UTF-8 LC_ALL=C.UTF-8", recalled="os workdir env"),
    FrameworkImage("docker.io/condaforge/mambaforge", "root", "conda", None, "python python3 pip conda mamba wget git bzip2 tini", "", "ubuntu", None, False, "tini --", "/bin/bash", recalled="*"),
    FrameworkImage("docker.io/mambaorg/micromamba", "mambauser", "conda", None, "micromamba", "curl wget git gcc python python3 pip conda mamba", "debian", None, False, "/usr/local/bin/_entrypoint.sh", "", "", "/tmp", "MAMBA_ROOT_PREFIX=/opt/conda", recalled="workdir", note="Programs of its base environment are on PATH in RUN only after ARG MAMBA_DOCKERFILE_ACTIVATE=1."),
    FrameworkImage("ghcr.io/prefix-dev/pixi", "root", "conda", None, "pixi", recalled="*"),
    FrameworkImage("ghcr.io/astral-sh/uv", "root", None, None, "uv uvx", recalled="*"),
    FrameworkImage("docker.io/astral/uv", "root", None, None, "uv uvx", recalled="*"),
    FrameworkImage("gcr.io/deeplearning-platform-release/", "root", "training", "", "python python3 pip conda", recalled="*"),
    FrameworkImage("us-docker.pkg.dev/deeplearning-platform-release/", "root", "training", "", "python python3 pip conda", recalled="*"),
    FrameworkImage("mcr.microsoft.com/azureml/", "root", "training", "3.10", "python pip conda", recalled="commands python", note="An AzureML base image: Miniconda is in /opt/miniconda."),
    FrameworkImage("mcr.microsoft.com/aifx/acpt/", "root", "training", None, "python pip conda", "", "", "cuda", recalled="*"),
    FrameworkImage("docker.io/pytorch/torchserve", "model-server", "serving", None, "python pip torchserve", healthcheck=False, entrypoint="/usr/local/bin/dockerd-entrypoint.sh", cmd="serve", ports="8080 8081 8082 7070 7071", framework="torchserve", recalled="commands"),
    FrameworkImage("docker.io/tensorflow/serving", "root", "serving", None, "tensorflow_model_server", "curl wget python pip", "ubuntu", None, False, "/usr/bin/tf_serving_entrypoint.sh", "", "8500 8501", None, "GRPC_PORT=8500 PORT=8501 MODEL_BASE_PATH=/models MODEL_NAME=model", "tensorflow-serving", "commands"),
    FrameworkImage("docker.io/ollama/ollama", "root", "serving", None, "ollama", "curl wget python python3 pip", "ubuntu 22.04", None, False, "/bin/ollama", "serve", "11434", None, "OLLAMA_HOST=0.0.0.0 NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility", recalled="lacks os"),
    FrameworkImage("ghcr.io/ggml-org/llama.cpp", "root", "serving", None, "curl", "", "ubuntu 24.04", None, None, "", "", "8080", None, "LLAMA_ARG_HOST=0.0.0.0", note="The server tags check http://localhost:8080/health: another --port makes them unhealthy."),
    FrameworkImage("docker.io/seldonio/mlserver", "1000", "serving", "3.10", "python pip conda mlserver curl", "wget", "rhel 9", None, False, "", "", "8080 8081 8082", None, "MLSERVER_MODELS_DIR=/mnt/models TRANSFORMERS_CACHE=/opt/mlserver/.cache", "mlserver", "commands"),
    FrameworkImage("docker.io/bentoml/bento-server", "bentoml", "serving", ports="3000", recalled="*"),
    FrameworkImage("ghcr.io/mlflow/mlflow", "root", "serving", "3.11", "python python3 pip mlflow", "curl wget git gcc", "debian 13", None, False, "-", "python3", "5000", "/", "", "mlflow", note="No database drivers and no boto3 are inside."),
    FrameworkImage("docker.io/ultralytics/ultralytics", "root", "training", None, "python pip yolo curl git zip htop gcc", "", "", None, False, "", "", "", "/usr/src/ultralytics", "", "ultralytics", "workdir commands", note="Built on pytorch/pytorch, with compilers and a notebook."),
    FrameworkImage("docker.io/paddlepaddle/paddle", "root", "training", None, "python pip", framework="paddlepaddle", recalled="*"),
    FrameworkImage("docker.io/intel/intel-optimized-pytorch", "root", "training", None, "python pip", framework="torch", recalled="*"),
    FrameworkImage("docker.io/intel/intel-extension-for-pytorch", "root", "training", None, "python pip", recalled="*"),
    FrameworkImage("docker.io/rapidsai/base", "rapids", "training", None, "python pip conda mamba", gpu="cuda", recalled="*"),
    FrameworkImage("docker.io/rapidsai/notebooks", "rapids", "notebook", None, "python pip conda mamba jupyter", gpu="cuda", recalled="*"),
    FrameworkImage("docker.io/rapidsai/rapidsai", "rapids", "notebook", None, "python pip conda jupyter", gpu="cuda", recalled="*"),
    FrameworkImage("r8.im/", None, "serving", None, "python pip", ports="5000", recalled="*"),
    FrameworkImage("docker.io/databricksruntime/", "root", "training", recalled="*"),
    FrameworkImage("docker.io/apache/airflow", "airflow", None, None, "python pip airflow", framework="apache-airflow", recalled="*", note="apt needs USER root first."),
    FrameworkImage("docker.io/kubeflownotebookswg/", "jovyan", "notebook", None, "python pip jupyter", ports="8888", recalled="*"),
    FrameworkImage("ghcr.io/kubeflow/kubeflow/notebook-servers/", "jovyan", "notebook", None, "python pip jupyter", ports="8888", recalled="*"),
    FrameworkImage("nvcr.io/nvidia/nemo", "root", "training", None, "python python3 pip", "", "ubuntu", "cuda", recalled="*"),
    FrameworkImage("nvcr.io/nvidia/merlin/", "root", "training", None, "python python3 pip", "", "ubuntu", "cuda", recalled="*"),
    FrameworkImage("nvcr.io/nvidia/l4t-", "root", None, None, "", "", "ubuntu", "cuda", recalled="*", note="For Jetson (arm64) only."),
    FrameworkImage("public.ecr.aws/lambda/python", "root", "serving", None, "python python3 pip", "", "amazonlinux", None, False, "/lambda-entrypoint.sh", "", "8080", "/var/task", recalled="*", note="AWS Lambda runs the function as a user of its own."),
)
# fmt: on

LLAMA_SERVER = ("ghcr.io/ggml-org/llama.cpp", "server", "/app/llama-server")
"""The repository, how tags begin whose images start the server, and what they start; the others hold tools."""

ENTRY_SCRIPTS = (
    ("/tgi-entrypoint.sh", "text-generation-launcher"),
    ("/usr/bin/tf_serving_entrypoint.sh", "tensorflow_model_server"),
)
"""Entry scripts of these images that hand their arguments on to a program, and that program."""
