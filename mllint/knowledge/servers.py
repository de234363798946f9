# ruff: noqa: E501
"""Programs that serve: how they are started, where they listen, how they say that they are well.

Read from the packages themselves where `sure` is true, else from memory: such a row never makes an error.
"""

from __future__ import annotations

from typing import NamedTuple

SOURCE = "source of the packages named (November 2026); repositories of Triton, TorchServe, TGI and TEI"
CHECKED = "2026-11-20"


class ServerFacts(NamedTuple):
    """A server program. Ports are TCP ports; times are seconds."""

    name: str
    #: The words that start it, Python's `-m` form as ("-m", module).
    commands: tuple[tuple[str, ...], ...]
    port: int | None
    #: True: it listens on 127.0.0.1 unless it is told otherwise. None: not known.
    loopback: bool | None
    #: Options and variables that say where it listens.
    host_flags: tuple[str, ...] = ()
    host_env: tuple[str, ...] = ()
    port_flags: tuple[str, ...] = ()
    port_env: tuple[str, ...] = ()
    #: A path that answers 200 when the server is well; None where it has none of its own.
    health: str | None = None
    #: How long it may take until it answers, model load included.
    start: int = 10
    #: "app" (the user's own code), "model" (a model server), "notebook", "tool", "proxy" (it may only forward).
    kind: str = "app"
    sure: bool = True
    #: A check with the server's own program, as JSON words, where its image has no other client.
    probe: str = ""
    #: Ports that it listens on besides: gRPC, metrics, management.
    more_ports: tuple[int, ...] = ()
    #: False for a program that needs no Python interpreter beside it.
    python: bool = True


_HOST = ("--host",)
_PORT = ("--port",)

SERVERS = (
    ServerFacts("uvicorn", (("uvicorn",), ("-m", "uvicorn")), 8000, True, _HOST, ("UVICORN_HOST", "UVICORN_UDS", "UVICORN_FD"), _PORT, ("UVICORN_PORT",), start=30),
    ServerFacts("gunicorn", (("gunicorn",), ("-m", "gunicorn")), 8000, True, ("-b", "--bind", "-c", "--config"), ("GUNICORN_CMD_ARGS", "PORT"), ("-b", "--bind"), ("PORT",), start=30),
    ServerFacts("hypercorn", (("hypercorn",), ("-m", "hypercorn")), 8000, True, ("-b", "--bind", "-c", "--config"), (), ("-b", "--bind"), start=30),
    ServerFacts("Flask's development server", (("flask", "run"), ("-m", "flask", "run")), 5000, True, ("-h", "--host"), ("FLASK_RUN_HOST",), ("-p", "--port"), ("FLASK_RUN_PORT",), start=30),
    ServerFacts("FastAPI's server", (("fastapi", "run"),), 8000, False, _HOST, (), _PORT, start=30, sure=False),
    ServerFacts("FastAPI's development server", (("fastapi", "dev"),), 8000, True, _HOST, (), _PORT, start=30, sure=False),
    ServerFacts("Django's development server", (("manage.py", "runserver"), ("django-admin", "runserver")), 8000, True, (), (), (), start=30, sure=False),
    ServerFacts("waitress", (("waitress-serve",),), 8080, False, ("--host", "--listen"), (), _PORT, start=30, sure=False),
    ServerFacts("Sanic", (("sanic",),), 8000, True, ("-H", "--host"), (), ("-p", "--port"), start=30, sure=False),
    ServerFacts("Triton", (("tritonserver",),), 8000, False, ("--http-address",), (), ("--http-port",), health="/v2/health/ready", start=120, kind="model", more_ports=(8001, 8002), python=False),
    ServerFacts("TorchServe", (("torchserve",),), 8080, None, health="/ping", start=120, kind="model", more_ports=(8081, 8082, 7070, 7071), python=False),
    ServerFacts("TensorFlow Serving", (("tensorflow_model_server",),), 8501, False, (), (), ("--rest_api_port",), start=60, kind="model", sure=False, more_ports=(8500,), python=False),
    ServerFacts("BentoML", (("bentoml", "serve"), ("bentoml", "serve-http")), 3000, False, _HOST, ("BENTOML_HOST",), ("-p", "--port"), ("BENTOML_PORT",), health="/readyz", start=60, kind="model"),
    ServerFacts("OpenLLM", (("openllm", "serve"), ("openllm", "start")), 3000, None, health="/readyz", start=300, kind="model", sure=False),
    ServerFacts("MLflow's model server", (("mlflow", "models", "serve"),), 5000, True, ("-h", "--host"), ("MLFLOW_HOST",), ("-p", "--port"), ("MLFLOW_PORT",), health="/ping", start=60, kind="model"),
    ServerFacts("the MLflow server", (("mlflow", "server"), ("mlflow", "ui")), 5000, True, ("-h", "--host"), ("MLFLOW_HOST",), ("-p", "--port"), ("MLFLOW_PORT",), health="/health", start=30, kind="tool"),
    ServerFacts("Ray Serve", (("serve", "run"),), 8000, None, ("--host",), (), _PORT, health="/-/healthz", start=60, kind="model", more_ports=(9000, 8265, 6379, 10001)),
    ServerFacts("vLLM", (("vllm", "serve"), ("-m", "vllm.entrypoints.openai.api_server"), ("-m", "vllm.entrypoints.api_server")), 8000, False, _HOST, (), _PORT, health="/health", start=600, kind="model"),
    ServerFacts("SGLang", (("-m", "sglang.launch_server"), ("sglang", "serve")), 30000, True, _HOST, (), _PORT, health="/health", start=600, kind="model"),
    ServerFacts("LMDeploy", (("lmdeploy", "serve", "api_server"),), 23333, False, ("--server-name",), (), ("--server-port",), health="/health", start=600, kind="model"),
    ServerFacts("Text Generation Inference", (("text-generation-launcher",),), 3000, False, ("--hostname",), ("HOSTNAME",), ("-p", "--port"), ("PORT",), health="/health", start=600, kind="model", python=False),
    ServerFacts("Text Embeddings Inference", (("text-embeddings-router",),), 3000, False, ("--hostname",), ("HOSTNAME",), ("-p", "--port"), ("PORT",), health="/health", start=60, kind="model", python=False),
    ServerFacts("TensorRT-LLM", (("trtllm-serve",),), 8000, None, _HOST, (), _PORT, health="/health", start=600, kind="model", sure=False),
    ServerFacts("llama.cpp's server", (("llama-server",),), 8080, True, _HOST, ("LLAMA_ARG_HOST",), _PORT, ("LLAMA_ARG_PORT",), health="/health", start=120, kind="model", python=False),
    ServerFacts("llama-cpp-python's server", (("-m", "llama_cpp.server"),), 8000, True, _HOST, ("HOST",), _PORT, ("PORT",), start=120, kind="model", sure=False),
    ServerFacts("Ollama", (("ollama", "serve"),), 11434, True, (), ("OLLAMA_HOST",), (), health="/api/version", start=30, kind="model", sure=False, probe='["ollama", "list"]', python=False),
    ServerFacts("Infinity", (("infinity_emb",), ("infinity_emb", "v2")), 7997, False, _HOST, (), _PORT, health="/health", start=60, kind="model"),
    ServerFacts("LitServe", (("litserve",),), 8000, False, health="/health", start=60, kind="model"),
    ServerFacts("the LiteLLM proxy", (("litellm",),), 4000, None, _HOST, (), _PORT, ("PORT",), health="/health/liveliness", start=30),
    ServerFacts("KServe", (("-m", "kserve"),), 8080, None, health="/v2/health/ready", start=60, kind="model", more_ports=(8081,)),
    ServerFacts("Seldon's microservice", (("seldon-core-microservice",),), 9000, None, health="/health/ping", start=60, kind="model", sure=False, more_ports=(5000, 6000)),
    ServerFacts("MLServer", (("mlserver", "start"),), 8080, None, health="/v2/health/ready", start=60, kind="model", more_ports=(8081, 8082)),
    ServerFacts("Cog", (("-m", "cog.server.http"),), 5000, False, health="/health-check", start=300, kind="model"),
    ServerFacts("Streamlit", (("streamlit", "run"), ("-m", "streamlit", "run")), 8501, False, ("--server.address",), ("STREAMLIT_SERVER_ADDRESS",), ("--server.port",), ("STREAMLIT_SERVER_PORT",), health="/_stcore/health", start=30),
    ServerFacts("Gradio", (("gradio",),), 7860, True, (), ("GRADIO_SERVER_NAME",), (), ("GRADIO_SERVER_PORT",), health="/config", start=60),
    ServerFacts("Chainlit", (("chainlit", "run"),), 8000, True, _HOST, ("CHAINLIT_HOST",), _PORT, ("CHAINLIT_PORT",), start=30),
    ServerFacts("Panel", (("panel", "serve"), ("-m", "panel", "serve")), 5006, None, ("--address",), (), _PORT, start=30),
    ServerFacts("marimo", (("marimo", "run"),), 2718, True, _HOST, (), ("-p", "--port"), health="/health", start=30),
    ServerFacts("marimo's editor", (("marimo", "edit"),), 2718, True, _HOST, (), ("-p", "--port"), start=30, kind="notebook"),
    ServerFacts(
        "Jupyter",
        (
            ("jupyter", "lab"), ("jupyter", "notebook"), ("jupyter", "server"), ("jupyter-lab",), ("jupyter-notebook",), ("jupyter-server",),
            ("-m", "jupyter", "lab"), ("-m", "jupyter", "notebook"), ("-m", "jupyterlab"), ("-m", "notebook"), ("jupyterhub-singleuser",),
            ("start-notebook.sh",), ("start-notebook.py",), ("start-singleuser.sh",), ("start-singleuser.py",),
        ),
        8888, True,
        ("--ip", "--NotebookApp.ip", "--ServerApp.ip", "--config"), (), ("--port", "--NotebookApp.port", "--ServerApp.port"), ("JUPYTER_PORT",),
        health="/api", start=30, kind="notebook",
    ),
    ServerFacts("TensorBoard", (("tensorboard",), ("-m", "tensorboard.main")), 6006, True, ("--host", "--bind_all"), (), _PORT, start=30, kind="tool"),
    ServerFacts("FastChat's API server", (("-m", "fastchat.serve.openai_api_server"),), 8000, None, _HOST, (), _PORT, start=60, kind="model", sure=False, more_ports=(21001, 21002)),
    ServerFacts("Xinference", (("xinference-local",),), 9997, True, ("-H", "--host"), ("XINFERENCE_HOST",), ("-p", "--port"), health="/status", start=60, kind="model", sure=False),
    ServerFacts("Prefect", (("prefect", "server", "start"),), 4200, True, _HOST, ("PREFECT_SERVER_API_HOST",), _PORT, health="/api/health", start=30, kind="tool", sure=False),
    ServerFacts("Label Studio", (("label-studio",), ("label-studio", "start")), 8080, None, ("--host",), (), ("-p", "--port"), health="/health", start=60, kind="tool", sure=False),
    ServerFacts("Feast", (("feast", "serve"),), 6566, None, ("-h", "--host"), (), ("-p", "--port"), health="/health", start=30, sure=False),
    ServerFacts("Chroma", (("chroma", "run"),), 8000, None, _HOST, (), _PORT, health="/api/v2/heartbeat", start=30, kind="tool"),
    ServerFacts("Qdrant", (("qdrant",),), 6333, None, health="/readyz", start=30, kind="tool", sure=False, more_ports=(6334,), python=False),
    ServerFacts("nginx", (("nginx",),), 80, False, health="/", start=10, kind="proxy", sure=False, python=False),
    ServerFacts("Dash", (), 8050, True, (), ("HOST",), (), ("PORT",), start=30, sure=False),
    ServerFacts("aiohttp", (("-m", "aiohttp.web"),), 8080, False, ("-H", "--hostname"), (), ("-P", "--port"), start=30, sure=False),
    ServerFacts("Python's http.server", (("-m", "http.server"),), 8000, False, ("-b", "--bind"), start=5, sure=False),
)  # fmt: skip
