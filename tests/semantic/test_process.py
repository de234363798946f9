from __future__ import annotations

import pytest

from mllint.semantic.role import Role, platform_of

_FLASK = "Flask's development server"


def final(build, body, base="python:3.12.7-slim", **options):
    return build(f"FROM {base}\n{body}", **options).final


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ('CMD ["python", "a.py"]\n', ["python a.py"]),
        ("CMD python a.py\n", ["python a.py"]),
        ('ENTRYPOINT ["python"]\nCMD ["a.py"]\n', ["python a.py"]),
        ('ENTRYPOINT python b.py\nCMD ["a.py"]\n', ["python b.py"]),
        ('CMD ["a.py"]\nCMD ["python", "b.py"]\n', ["python b.py"]),
        ('ENTRYPOINT ["tini", "--"]\nCMD ["python", "a.py"]\n', ["python a.py"]),
        ('CMD ["sh", "-c", "python x.py && exec python a.py"]\n', ["python x.py", "python a.py"]),
        ('ENTRYPOINT ["tini", "--"]\nCMD python x.py && exec python a.py\n', ["python x.py", "python a.py"]),
    ],
)
def test_the_command_of_a_container(build, body, words):
    process = final(build, body).process

    assert [" ".join(word.value for word in command.words) for command in process.commands] == words


def test_an_entrypoint_of_a_child_takes_the_cmd_of_its_parent_away(build):
    found = build('FROM scratch AS a\nCMD ["x"]\nFROM a\nENTRYPOINT ["e"]\n')

    assert [command.name for command in found.final.process.commands] == ["e"]


def test_a_cmd_of_a_child_goes_to_the_entrypoint_of_its_parent(build):
    found = build('FROM scratch AS a\nENTRYPOINT ["e"]\nFROM a\nCMD ["x"]\n')

    (command,) = found.final.process.commands
    assert [word.value for word in command.words] == ["e", "x"]


@pytest.mark.parametrize(
    ("base", "cmd", "words"),
    [
        ("vllm/vllm-openai:v0.8.4", '["--model", "x"]', ["vllm serve --model x"]),
        ("vllm/vllm-openai:v0.8.4", None, ["vllm serve"]),
        ("ollama/ollama:0.6.6", '["serve"]', ["/bin/ollama serve"]),
        ("ghcr.io/huggingface/text-generation-inference:3.0", '["-p", "90"]', ["text-generation-launcher -p 90"]),
        ("tensorflow/serving:2.16.1", '["--rest_api_port=90"]', ["tensorflow_model_server --rest_api_port=90"]),
        ("ghcr.io/ggml-org/llama.cpp:server-b4719", '["-m", "x"]', ["/app/llama-server -m x"]),
        # The tags without "server" start a script of tools; NVIDIA's entrypoint runs CMD as it stands.
        ("ghcr.io/ggml-org/llama.cpp:full-b4719", '["-m", "x"]', ["-m x"]),
        ("nvcr.io/nvidia/tritonserver:24.05-py3", '["tritonserver", "-x"]', ["tritonserver -x"]),
        ("continuumio/miniconda3:24.9.2-0", '["python", "a.py"]', ["python a.py"]),
        ("registry.example.com/vllm:1", '["--model", "x"]', ["--model x"]),
    ],
)
def test_a_cmd_goes_to_the_entrypoint_of_a_server_image(build, base, cmd, words):
    stage = final(build, f"CMD {cmd}\n" if cmd else "ENV A=1\n", base=base)

    assert [" ".join(word.value for word in each.words) for each in stage.process.commands] == words
    # What the finding points at is in the file, and the words of CMD keep their places.
    (command,) = stage.process.commands
    assert command.words[-1].span.text in stage.opening.span.source.text
    assert command.span.text in (cmd or base)


def test_an_own_entrypoint_takes_the_place_of_the_bases(build):
    stage = final(build, 'ENTRYPOINT ["python"]\nCMD ["a.py"]\n', base="vllm/vllm-openai:v0.8.4")

    assert stage.servers == ()


def test_an_entry_script_is_read_from_the_context(build, tmp_path):
    (tmp_path / "run.sh").write_text('#!/bin/sh\nset -e\nexec "$@"\n')
    path = tmp_path / "Dockerfile"
    stage = final(
        build,
        'WORKDIR /app\nCOPY run.sh /app/\nENTRYPOINT ["/app/run.sh"]\nCMD ["uvicorn", "a:b", "--host", "0.0.0.0"]\n',
        path=str(path),
        context=str(tmp_path),
    )

    assert [server.facts.name for server in stage.servers] == ["uvicorn"]
    assert stage.process.known


def test_an_entry_script_that_starts_a_server_itself(build, tmp_path):
    (tmp_path / "run.sh").write_text("exec gunicorn --bind 0.0.0.0:9000 app:app\n")
    stage = final(build, 'COPY . /\nCMD ["/run.sh"]\n', path=str(tmp_path / "Dockerfile"), context=str(tmp_path))

    (server,) = stage.servers
    assert (server.facts.name, server.port, server.host) == ("gunicorn", 9000, "0.0.0.0:9000")
    assert server.span.source.path.endswith("run.sh")


def test_a_script_that_is_not_there_leaves_the_process_unknown(build, tmp_path):
    stage = final(build, 'CMD ["/run.sh"]\n', path=str(tmp_path / "Dockerfile"), context=str(tmp_path))

    assert not stage.process.known
    assert stage.role.value is Role.UNKNOWN


@pytest.mark.parametrize(
    ("code", "name", "host", "told", "port"),
    [
        ("import uvicorn\nuvicorn.run('a:b', port=9000)\n", "uvicorn", None, False, 9000),
        ("import uvicorn as u\nu.run(app, host='0.0.0.0')\n", "uvicorn", "0.0.0.0", True, 8000),
        ("import os, uvicorn\nuvicorn.run(app, host=os.environ['H'], port=int('1'))\n", "uvicorn", None, True, None),
        (
            "from flask import Flask\napp = Flask(__name__)\napp.run(port=81)\n",
            "Flask's development server",
            None,
            False,
            81,
        ),
        ("from flask import Flask\napp = Flask('a')\napp.run('0.0.0.0', 81)\n", _FLASK, "0.0.0.0", True, 81),
        ("from flask import Flask\nFlask('a').run()\n", _FLASK, None, False, 5000),
        ("from flask import Flask\nweb = Flask('a')\nweb.run(debug=True)\n", _FLASK, None, False, 5000),
        ("import dash\napp = dash.Dash()\napp.run_server(host='0.0.0.0')\n", "Dash", "0.0.0.0", True, 8050),
        ("from waitress import serve\nserve(app, port=80)\n", "waitress", None, False, 80),
        ("import uvicorn\nuvicorn.Server(uvicorn.Config(a, port=81)).run()\n", "uvicorn", None, False, 81),
        ("import litserve as ls\nserver = ls.LitServer(api)\nserver.run(port=81)\n", "LitServe", None, False, 81),
        ("import gradio as gr\ngr.Interface(f).launch()\n", "Gradio", None, False, 7860),
        ("import gradio as gr\nd = gr.Blocks()\nd.launch(server_name='0.0.0.0')\n", "Gradio", "0.0.0.0", True, 7860),
    ],
)
def test_servers_that_a_python_script_starts(build, tmp_path, code, name, host, told, port):
    (tmp_path / "app.py").write_text(code)
    stage = final(
        build,
        'WORKDIR /srv\nCOPY app.py ./\nCMD ["python", "app.py"]\n',
        path=str(tmp_path / "Dockerfile"),
        context=str(tmp_path),
    )

    (server,) = stage.servers
    assert (server.facts.name, server.host, server.told, server.port) == (name, host, told, port)
    assert stage.role.value is Role.SERVING


@pytest.mark.parametrize("file", ["app/main.py", "app/main/__main__.py"])
def test_a_module_of_the_project_is_read(build, tmp_path, file):
    path = tmp_path / file
    path.parent.mkdir(parents=True)
    path.write_text("import uvicorn\nuvicorn.run(app, port=81)\n")
    stage = final(
        build,
        'WORKDIR /srv\nCOPY . .\nCMD ["python", "-u", "-m", "app.main"]\n',
        path=str(tmp_path / "Dockerfile"),
        context=str(tmp_path),
    )

    assert [(server.facts.name, server.port) for server in stage.servers] == [("uvicorn", 81)]


@pytest.mark.parametrize(
    "code",
    [
        "import asyncio\nasyncio.run(main())\n",
        "app.run()\n",
        "def f(:\n",
        "launch()\n",
        "from flask import Flask\napp = Flask('a')\nsession.run(None, x)\npipeline.run()\nsubprocess.run(['ls'])\n",
    ],
)
def test_python_that_serves_nothing(build, tmp_path, code):
    (tmp_path / "app.py").write_text(code)
    stage = final(
        build,
        'COPY app.py /app.py\nCMD ["python", "/app.py"]\n',
        path=str(tmp_path / "Dockerfile"),
        context=str(tmp_path),
    )

    assert stage.servers == ()
    assert stage.role.value is Role.JOB


@pytest.mark.parametrize(
    ("command", "name", "port", "host"),
    [
        ("uvicorn a:b", "uvicorn", 8000, None),
        ("uvicorn a:b --host=0.0.0.0 --port 80", "uvicorn", 80, "0.0.0.0"),
        ("python -m uvicorn a:b --host ::", "uvicorn", 8000, "::"),
        ("python3 -u -m http.server", "Python's http.server", 8000, None),
        ("gunicorn -b 0.0.0.0:5000 a:b", "gunicorn", 5000, "0.0.0.0:5000"),
        ("gunicorn -c conf.py a:b", "gunicorn", None, None),
        ("flask --app x run -p 81", "Flask's development server", 81, None),
        ("python manage.py runserver 0.0.0.0:8000", "Django's development server", None, "0.0.0.0"),
        ("mlflow models serve -m x --host 0.0.0.0", "MLflow's model server", 5000, "0.0.0.0"),
        ("mlflow server", "the MLflow server", 5000, None),
        ("vllm serve org/model --port $PORT", "vLLM", None, None),
        ("poetry run streamlit run app.py --server.port=80", "Streamlit", 80, None),
        ("jupyter lab --ip 0.0.0.0", "Jupyter", 8888, "0.0.0.0"),
    ],
)
def test_server_commands(build, command, name, port, host):
    stage = final(build, f"CMD {command}\n")

    assert [(s.facts.name, s.port, s.host) for s in stage.servers] == [(name, port, host)]


@pytest.mark.parametrize(
    ("body", "role"),
    [
        ("", Role.BASE),
        ("EXPOSE 8000\n", Role.SERVING),
        ("EXPOSE 22\n", Role.BASE),
        ("EXPOSE 8888\nRUN pip install jupyterlab\n", Role.NOTEBOOK),
        ('CMD ["uvicorn", "a:b"]\n', Role.SERVING),
        ('CMD ["jupyter", "lab"]\n', Role.NOTEBOOK),
        ('CMD ["python", "train.py"]\n', Role.TRAINING),
        ('CMD ["python", "-m", "pkg.train"]\n', Role.TRAINING),
        ('CMD ["torchrun", "--nproc_per_node=8", "main.py"]\n', Role.TRAINING),
        ('CMD ["accelerate", "launch", "x.py"]\n', Role.TRAINING),
        ('CMD ["accelerate", "config"]\n', Role.JOB),
        ('CMD ["python", "-m", "pkg.report"]\n', Role.JOB),
        ('CMD ["python", "not_readable.py"]\n', Role.UNKNOWN),
        ('CMD ["bash"]\n', Role.UNKNOWN),
        ('CMD ["sleep", "infinity"]\n', Role.UNKNOWN),
        ('CMD ["java", "-jar", "a.jar"]\n', Role.UNKNOWN),
        ('CMD ["nginx", "-g", "daemon off;"]\n', Role.SERVING),
        ('CMD ["python", "-m", "awslambdaric", "app.handler"]\n', Role.SERVING),
    ],
)
def test_roles(build, body, role):
    assert final(build, body).role.value is role


@pytest.mark.parametrize(
    ("base", "body", "role", "platform"),
    [
        ("public.ecr.aws/lambda/python:3.12", 'CMD ["app.handler"]\n', Role.SERVING, "AWS Lambda"),
        ("public.ecr.aws/lambda/python:3.12", "", Role.SERVING, "AWS Lambda"),
        ("amazon/aws-lambda-python:3.12", 'CMD ["app.handler"]\n', Role.SERVING, "AWS Lambda"),
        ("example.com/lambdalabs/x:1", "", Role.BASE, None),
        ("nvcr.io/nvidia/tritonserver:24.05-py3", "COPY models /models\n", Role.BASE, None),
        ("ghcr.io/mlflow/mlflow:v2.16.0", "", Role.BASE, None),
        ("ollama/ollama:0.6.6", "", Role.SERVING, None),
        ("python:3.12.7", "ENV SAGEMAKER_PROGRAM=inference.py\n", Role.BASE, "SageMaker"),
        ("python:3.12.7", "COPY src /opt/ml/code/\n", Role.BASE, "SageMaker"),
        ("python:3.12.7", "LABEL com.amazonaws.sagemaker.capabilities.multi-models=true\n", Role.BASE, "SageMaker"),
        ("python:3.12.7", "RUN pip install sagemaker-training==4.8.0\n", Role.BASE, "SageMaker"),
        ("python:3.12.7", "ARG SAGEMAKER_IMAGE\n", Role.BASE, None),
    ],
)
def test_platforms_and_images_with_servers(build, base, body, role, platform):
    stage = final(build, body, base=base)

    assert (stage.role.value, platform_of(stage)) == (role, platform)


def test_a_role_that_is_given_wins(build):
    found = final(build, 'CMD ["uvicorn", "a:b"]\n', role="job").role

    assert found.value is Role.JOB
    assert found.reason == "given by the user"


@pytest.mark.parametrize(
    ("body", "port"),
    [
        ('CMD ["uvicorn", "a:b"]\n', 8000),
        ('ENV UVICORN_PORT=81\nCMD ["uvicorn", "a:b"]\n', 81),
        ('ENV UVICORN_PORT=81\nCMD ["uvicorn", "a:b", "--port", "82"]\n', 82),
        ('ARG P\nENV UVICORN_PORT=$P\nCMD ["uvicorn", "a:b"]\n', None),
        ("CMD UVICORN_PORT=83 uvicorn a:b\n", 83),
        ('CMD ["uv", "run", "--frozen", "-m", "uvicorn", "a:b", "--port", "84"]\n', 84),
    ],
)
def test_the_port_of_a_server(build, body, port):
    (server,) = final(build, body).servers

    assert server.port == port
