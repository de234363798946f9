from __future__ import annotations

import pytest

from mllint.context import Context
from mllint.knowledge import artifacts, downloads
from mllint.semantic.intake import Intake
from mllint.semantic.weights import (
    file_verdict,
    folder_verdict,
    known_size,
    readable_size,
    tracked_size,
    url_verdict,
)


def pointer(size: int) -> str:
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize {size}\n"


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("a/best.pt", True),
        ("A/BEST.PT", True),
        ("*.safetensors", True),
        ("pytorch_model-00001-of-00002.bin", True),
        ("saved_model.pb", True),
        ("model.pth.tar", True),
        ("model.pkl", False),
        ("models/churn.joblib", False),
        ("xgb-v2.model", False),
        ("model.tar.gz", False),
        ("weights-v1.2.zip", False),
        ("resnet50.h5", False),
        ("yolov3_tiny.h5", False),
        ("efficientnetb0.h5", False),
        ("VGG16-notop.h5", False),
        ("imagenet.h5", None),
        ("resnet50.csv", None),
        ("pytorch_model.bin.md", None),
        ("data.pkl", None),
        ("data/table.npz", None),
        ("model-server.tar.gz", None),
        ("tokenizer.model", None),
        ("models/label_encoder.pkl", None),
        ("model.py", None),
        ("model.onnx.md", None),
        ("", None),
    ],
)
def test_files(path, verdict):
    assert file_verdict(path) is verdict


@pytest.mark.parametrize(
    ("path", "verdict"),
    [
        ("checkpoints/", True),
        ("./app/pretrained-models", True),
        ("weights/*", True),
        ("/root/.cache/huggingface", True),
        ("models", False),
        ("triton_models/", False),
        ("src/", None),
        ("/", None),
    ],
)
def test_folders(path, verdict):
    assert folder_verdict(path) is verdict


@pytest.mark.parametrize(
    ("url", "verdict"),
    [
        ("https://x.example/a/net.onnx?download=1", True),
        ("https://huggingface.co/org/name/resolve/main/data.bin", True),
        ("https://huggingface.co/datasets/org/name/resolve/main/data.bin", None),
        ("https://huggingface.co/org/name/resolve/main/config.json", None),
        ("https://civitai.com/api/download/models/1?type=Model", True),
        ("https://models.example/install.sh", None),
        ("https://x.example/releases/bert-model.tar.gz", False),
    ],
)
def test_urls(url, verdict):
    assert url_verdict(url) is verdict


@pytest.mark.parametrize(
    ("subject", "tool", "megabytes"),
    [
        ("org/Name-7B-Instruct", "hf download", 14_000),
        ("org/name-0.5b", "", 1_000),
        ("org/name-8B-FP8", "", 8_000),
        ("org/name-30B-A3B", "", 60_000),
        ("org/Mixtral-8x7B", "", None),
        ("org/name-7B-GPTQ", "", None),
        ("llama3.1:8b", "ollama pull", 4_960),
        ("de_core_news_sm", "spaCy", 13),
        ("medium", "Whisper", 1_500),
        ("medium", "", None),
        ("sentence-transformers/all-MiniLM-L6-v2", "", 91),
        ("name", "", None),
    ],
)
def test_known_sizes(subject, tool, megabytes):
    size = known_size(subject, tool)

    assert size == (None if megabytes is None else pytest.approx(megabytes * 1e6))


@pytest.mark.parametrize(
    ("size", "text"),
    [(999, "999 bytes"), (12_300, "12 kB"), (340e6, "340 MB"), (2_600_000_000, "2.6 GB"), (14e9, "14 GB")],
)
def test_sizes_for_people(size, text):
    assert readable_size(int(size)) == text


def test_a_folder_of_the_context(tmp_path):
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "a.pt").write_text(pointer(5_000_000))
    (tmp_path / "weights" / "b.pt").write_bytes(b"x" * 2_000)
    (tmp_path / "weights" / "c.pkl").write_bytes(b"x" * 2_000)
    (tmp_path / "weights" / "notes.txt").write_text("none")

    found = Intake(Context(str(tmp_path)), "weights/").weights

    assert found == (("weights/a.pt", "weights/b.pt"), 5_002_000, True)


def test_what_is_not_there_is_unknown(tmp_path):
    (tmp_path / "code").mkdir()

    assert Intake(Context(str(tmp_path)), "weights/").weights is None
    assert Intake(Context(str(tmp_path)), "code").weights == ((), 0, False)


def test_the_size_that_dvc_tracks(tmp_path):
    (tmp_path / "a.pt.dvc").write_text("outs:\n- md5: 00\n  size: 77\n  path: a.pt\n")

    assert tracked_size(Context(str(tmp_path)), "a.pt") == 77
    assert tracked_size(Context(str(tmp_path)), "b.pt") is None


def test_the_tables_are_sound():
    endings = [row.ending for row in artifacts.EXTENSIONS]

    assert len(endings) == len(set(endings))
    assert all(ending.startswith(".") and ending == ending.lower() for ending in endings)
    assert not set(endings) & set(artifacts.LIGHT_ENDINGS)
    assert all(name == name.lower() and size > 0 for name, size in downloads.SIZES.items())
    assert not artifacts.WEIGHT_FOLDERS & artifacts.MODEL_FOLDERS
    rows = (*downloads.PYTHON_IDIOMS, *downloads.COMMAND_IDIOMS)
    assert {row.cache for row in rows} <= {*downloads.CACHES, "", "site-packages"}
    assert {row.kind for row in rows} == {"weights", "text data", "dataset"}
