from __future__ import annotations

import pytest

from mllint.semantic.downloads import command_downloads
from mllint.semantic.python_code import calls
from mllint.semantic.python_downloads import python_downloads
from mllint.shell.parser import parse_script
from mllint.source import Source, Text


def of_shell(text):
    script = parse_script(Text.plain(Source("x", text).span(0, len(text))), lambda _: None)
    return [found for command in script.commands for found in command_downloads(command)]


def of_python(text, *, loose=True):
    return list(python_downloads(calls(Text.plain(Source("x", text).span(0, len(text)))), loose=loose))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hf download org/name", ("weights", "org/name", "hf download", None)),
        ("hf download org/name model.safetensors --local-dir=/m", ("weights", "org/name", "hf download", "/m")),
        ("hf download --repo-type dataset org/name", ("dataset", "org/name", "hf download", None)),
        ("huggingface-cli download org/name --cache-dir /c", ("weights", "org/name", "huggingface-cli download", "/c")),
        ("uv run hf download org/name", ("weights", "org/name", "hf download", None)),
        ("wget -P /m https://x.example/a.pt", ("weights", "https://x.example/a.pt", "wget", "/m/a.pt")),
        ("wget -nv -O b.pt https://x.example/a.pt", ("weights", "https://x.example/a.pt", "wget", "b.pt")),
        ("wget -qO- https://x.example/a.pt > c.pt", ("weights", "https://x.example/a.pt", "wget", "c.pt")),
        ("curl -sSLO https://x.example/a.pt", ("weights", "https://x.example/a.pt", "curl", "a.pt")),
        ("curl -o /m/a.pt https://x.example/$ID", ("weights", "https://x.example/$ID", "curl", "/m/a.pt")),
        ("curl https://x.example/${M}.gguf -o m", ("weights", "https://x.example/${M}.gguf", "curl", "m")),
        ("aws s3 sync s3://b/models /m", ("weights", "s3://b/models", "aws s3", "/m")),
        ("rclone copy remote:b/checkpoints/1 /m", ("weights", "remote:b/checkpoints/1", "rclone copy", "/m")),
        ("git clone https://huggingface.co/org/name", ("weights", "org/name", "git clone", "name")),
        ("git clone https://huggingface.co/datasets/org/n d", ("dataset", "datasets/org/n", "git clone", "d")),
        ("git -C src lfs pull", ("weights", None, "git lfs pull", ".")),
        ("git-lfs pull", ("weights", None, "git lfs pull", ".")),
        ("ollama pull llama3", ("weights", "llama3", "ollama pull", None)),
        ("dvc pull -r s3 models/a.pkl", ("weights", "models/a.pkl", "dvc pull", "models/a.pkl")),
        ("dvc pull", ("dataset", None, "dvc pull", ".")),
        ("gdown --id 1 -O ckpt", ("weights", None, "gdown", "ckpt")),
        ("python -m spacy download en_core_web_sm", ("text data", "en_core_web_sm", "spaCy", None)),
        ("python3.11 -m nltk.downloader -d /n punkt", ("text data", "punkt", "NLTK", "/n")),
        ("whisper a.wav --model small", ("weights", "small", "Whisper", None)),
        ("optimum-cli export onnx --model org/n out", ("weights", "org/n", "optimum-cli export", None)),
        ("python -m tool download-models", ("weights", None, "tool download-models", None)),
        ("make download-weights", ("weights", None, "make download-weights", None)),
        ("./get.pl 'https://x.example/open?id=1' /m/a.pth", ("weights", "a.pth", "get.pl", "/m/a.pth")),
        ("get --out=a.pth https://x.example/1", ("weights", "a.pth", "get", "a.pth")),
        ("get https://x.example/a.pth", ("weights", "https://x.example/a.pth", "get", None)),
        ("python get.py https://x.example/1 a.pth", ("weights", "a.pth", "python", "a.pth")),
    ],
)
def test_commands(text, expected):
    (found,) = of_shell(text)

    assert (found.kind.value, found.subject, found.tool, found.target) == expected


@pytest.mark.parametrize(
    "text",
    [
        "hf download org/name config.json",
        "hf download --repo-type=space org/name",
        "hf auth login",
        "hf download /models/name",
        "wget https://x.example/setup.sh",
        "curl https://x.example/",
        "aws s3 cp model.pt s3://b/models/",
        "aws s3 ls s3://b/models",
        "aws s3 cp s3://b/models/config.json .",
        "rclone copy /a /b",
        "git clone https://git.example/models.git",
        "git clone https://huggingface.co/spaces/org/name",
        "git lfs install",
        "GIT_LFS_SKIP_SMUDGE=1 git clone https://huggingface.co/org/name",
        "gdown --id 1",
        "ollama serve",
        "whisper --help",
        "pip download torch",
        "$TOOL download org/name",
        "playwright install",
        "get https://x.example/1 a.pkl",
        "push http://x.example:5000 a.pth",
        "echo https://x.example/1 a.pth",
        "get a.pth b.onnx",
        "get x://a.pth https://x.example/1",
    ],
)
def test_commands_that_fetch_no_weights(text):
    assert of_shell(text) == []


@pytest.mark.parametrize(
    ("text", "folder", "count"),
    [
        ("wget https://x.example/a.h5", "/models", 1),
        ("wget https://x.example/a.h5", "/data", 0),
        ("wget https://x.example/a.h5", None, 0),
        ("wget -P models https://x.example/a.h5", None, 1),
        ("wget -O ../models/a.h5 https://x.example/a.h5", "/data", 1),
        ("wget -O ../data/a.h5 https://x.example/a.h5", "/models", 0),
    ],
)
def test_the_folder_says_what_a_file_of_a_general_kind_is(text, folder, count):
    script = parse_script(Text.plain(Source("x", text).span(0, len(text))), lambda _: None)

    assert len(command_downloads(script.commands[0], folder)) == count


def test_each_name_is_a_download():
    assert [found.subject for found in of_shell("python -m nltk.downloader punkt stopwords")] == ["punkt", "stopwords"]


def test_the_place_is_the_word_that_names_it():
    (found,) = of_shell('wget -q "https://x.example/a.pt"')

    assert found.span.text == '"https://x.example/a.pt"'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from transformers import AutoModel\nAutoModel.from_pretrained('org/n')", ("from_pretrained", "org/n", None)),
        ("N = 'org/n'\nX.from_pretrained(N, cache_dir='/c')", ("from_pretrained", "org/n", "/c")),
        ("import huggingface_hub as h\nh.snapshot_download(repo_id='org/n')", ("snapshot_download", "org/n", None)),
        ("from modelscope import snapshot_download as get\nget('org/n')", ("ModelScope", "org/n", None)),
        ("import transformers\ntransformers.pipeline('ner')", ("a transformers pipeline", None, None)),
        ("import torchvision.models as m\nm.resnet18(weights=m.W.DEFAULT)", ("torchvision", "resnet18", None)),
        (
            "from tensorflow.keras.applications import VGG16\nVGG16(include_top=False)",
            ("keras.applications", "VGG16", None),
        ),
        ("import easyocr\neasyocr.Reader(['en'])", ("EasyOCR", None, None)),
        ("import open_clip\nopen_clip.create_model('ViT-B-32', pretrained='x')", ("OpenCLIP", "ViT-B-32", None)),
        (
            "import urllib.request\nurllib.request.urlretrieve('https://x.example/a.pt', 'b')",
            ("urlretrieve", "https://x.example/a.pt", None),
        ),
        ("import mlflow\nmlflow.pyfunc.load_model('models:/a/1')", ("MLflow", "models:/a/1", None)),
        ("from ultralytics import YOLO\nYOLO('yolov8n.pt')", ("ultralytics", "yolov8n.pt", None)),
    ],
)
def test_calls(text, expected):
    (found,) = of_python(text)

    assert (found.tool, found.subject, found.target) == expected
    assert found.kind.value == "weights"


@pytest.mark.parametrize(
    "text",
    [
        "X.from_pretrained('/models/n')",
        "X.from_pretrained('./n')",
        "X.from_pretrained('org/n', local_files_only=True)",
        "AutoTokenizer.from_pretrained('org/n')",
        "CLIPImageProcessor.from_pretrained('org/n')",
        "hf_hub_download('org/n', 'config.json')",
        "import torchvision\ntorchvision.models.resnet18()",
        "import torchvision\ntorchvision.models.resnet18(weights=None)",
        "import timm\ntimm.create_model('x')",
        "import torch\ntorch.hub.load('.', 'custom', source='local')",
        "from keras.applications import VGG16\nVGG16(weights=None)",
        "from ultralytics import YOLO\nYOLO('runs/best.pt')",
        "import mlflow\nmlflow.pyfunc.load_model('./model')",
        "import requests\nrequests.get('https://x.example/api')",
        "load_model('x')",
        "this is no Python",
    ],
)
def test_calls_that_fetch_no_weights(text):
    assert of_python(text) == []


def test_a_computed_name_counts_only_where_asked():
    text = "import os\nX.from_pretrained(os.environ['MODEL'])"

    assert [found.sure for found in of_python(text)] == [False]
    assert of_python(text, loose=False) == []


def test_a_dataset_is_no_model():
    assert [found.kind.value for found in of_python("snapshot_download('org/n', repo_type='dataset')")] == ["dataset"]


def test_a_name_that_is_assigned_twice_is_not_known():
    text = "n = 'org/a'\nn = 'org/b'\nsnapshot_download(n)"

    assert [found.subject for found in of_python(text)] == [None]
