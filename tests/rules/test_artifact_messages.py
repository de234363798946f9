"""What the rules about models and secrets say: sizes, plurals, short repetitions, and never a secret."""

from __future__ import annotations

import re

import pytest
from cases import case_files

from mllint.engine import check
from mllint.finding import Severity
from mllint.plugins import Registry
from mllint.semantic.fact import BuildOptions
from mllint.source import Source
from mllint.testing import read_case

#: Of a token: long enough, and no word.
_BODY = "aaaabbbbccccaaaabbbbccccaaaabbbbcccc"
_SLIM = "FROM python:3.12.7-slim\n"


def messages(registry: Registry, rule_id: str, text: str, **options: str) -> list[str]:
    path = f"{options['context']}/Dockerfile" if "context" in options else "<stdin>"
    checked = check(Source(path, text), [registry.load(rule_id)()], BuildOptions(**options))
    assert not checked.crashes
    return [finding.message for finding in checked.findings]


@pytest.mark.parametrize(
    ("rule_id", "text", "said"),
    [
        ("ML401", "COPY a.pt /m/\n", "`a.pt` becomes part of the image: every push and pull moves it"),
        ("ML401", "COPY a.pt b.pt c.pt /m/\n", "`a.pt` and 2 more become part of the image"),
        ("ML401", "ARG N=net\nCOPY ${N}.onnx /m/\n", "`net.onnx` becomes part"),
        ("ML401", "COPY weights/ /m/\n", "`weights/`, by its name a model, becomes part"),
        ("ML401", "COPY models /m\nENV MODEL=/m/a.pt\n", "`models`, from which a model is loaded (`/m/a.pt`),"),
        ("ML402", "RUN hf download org/n-7B\n", "`org/n-7B` (about 14 GB) is downloaded into the image"),
        ("ML402", "RUN hf download a/b && hf download c/d\n", "`a/b` and `c/d` are downloaded"),
        ("ML402", "RUN hf download a/b && hf download c/d && hf download e/f\n", "`a/b`, `c/d` and 1 more are"),
        ("ML402", "RUN wget 'https://n:p@x.example/a.pt?token=q'\n", "`a.pt` is downloaded"),
        ("ML402", "RUN whisper --model base a.wav\n", "Whisper's `base` (about 145 MB)"),
        ("ML402", "RUN python get_models.py\n", "What `get_models.py` fetches (by its name, a model) becomes part"),
        ("ML402", "RUN hf download a/b\nRUN useradd app\nUSER app\n", "The container runs as `app`, does not see"),
        ("ML402", "ENV HF_HOME=/root/hf\nRUN hf download a/b\nUSER app\n", "which may not enter `/root` (mode 0700)"),
        ("ML402", "ENV HF_HOME=/models\nRUN hf download a/b\nUSER app\n", "a new image. Download it at start"),
        ("ML402", "RUN python -m nltk.downloader punkt\n", "NLTK's `punkt` (about 14 MB) comes from the network"),
        ("ML402", "RUN python -m nltk.downloader punkt words\n", "NLTK's `punkt` and `words` come from"),
        ("ML402", "RUN python -m nltk.downloader punkt words x y\n", "NLTK's `punkt`, `words` and 2 more come"),
        ("ML402", "RUN whisper --model base a; hf download a/b\n", "Whisper's `base` and `a/b` are downloaded"),
        ("ML402", "RUN python -m a download-models\n", "The model that `a download-models` fetches becomes part"),
        ("ML402", "RUN gdown --id 1 -O models\n", "The model that `gdown` fetches into `models` becomes"),
        ("ML402", "RUN python -c 'snapshot_download(x)'\n", "The model that `snapshot_download` fetches becomes"),
        ("ML402", "RUN python -c 'import easyocr; easyocr.Reader(x)'\n", "The model that EasyOCR fetches becomes"),
        (
            "ML403",
            "COPY train.csv val.tfrecord test.tfrecord /d/\n",
            "`train.csv`, `val.tfrecord` and `test.tfrecord`, by their",
        ),
        ("ML403", "COPY train.csv a.tfrecord b.tfrecord c.tfrecord d.tfrecord /d/\n", "`b.tfrecord` and 2 more, by"),
        ("ML405", "COPY .netrc kaggle.json /root/\n", "`.netrc` and `kaggle.json`, by their names"),
        ("ML404", "ARG T_TOKEN\n", "`RUN --mount=type=secret,id=t_token,env=T_TOKEN …`"),
        ("ML404", f"RUN wandb login {'0a1b' * 10}\n", "(`docker run -e WANDB_API_KEY`, which needs no login), or to a"),
        (
            "ML404",
            f"RUN hf auth login --token hf_{_BODY}\n",
            "(`docker run -e HF_TOKEN`, which needs no login), or to a",
        ),
        ("ML404", f"RUN hf auth whoami; echo hf_{_BODY}\n", "(`docker run -e HF_TOKEN`), or to a single step"),
        (
            "ML404",
            "RUN export KAGGLE_KEY=00aa11bb22cc33dd44ee55ff66aa77bb\n",
            "`RUN --mount=type=secret,id=kaggle_key,env=KAGGLE_KEY …`",
        ),
        ("ML404", f"ENV MY_TOKEN=hf_{_BODY}\n", "(`docker run -e MY_TOKEN`), or to a single step"),
        (
            "ML404",
            "RUN curl -u team:s3cretword9 https://api.example/x\n",
            "(`docker run -e API_TOKEN`), or to a",
        ),
        ("ML404", "RUN echo a:hunter2x | chpasswd\n", "Create the user without a password"),
        ("ML404", "ENV DB_PASSWORD=postgres\n", "`DB_PASSWORD` is one that everyone tries first"),
        (
            "ML408",
            "ARG V=25.1.0\nRUN wget https://github.com/acme/a/releases/download/$V/a.sh && sh a.sh\n",
            "the release that its address names: a broken or a replaced file goes into the image unseen. Compare its",
        ),
        (
            "ML408",
            "RUN wget https://acme.example/setup-1.sh && sh setup-1.sh\n",
            "another release, a broken or a replaced script",
        ),
        (
            "ML408",
            "RUN wget http://nz2.archive.ubuntu.com/ubuntu/a_1_amd64.deb && dpkg -i a_1_amd64.deb\n",
            "goes into the image. Compare the file's sum",
        ),
        (
            "ML408",
            "RUN wget http://files.acme.com/a_1_amd64.deb && dpkg -i a_1_amd64.deb\n",
            "Write `https`, or compare the file's sum",
        ),
    ],
)
def test_what_is_said(registry, rule_id, text, said):
    (message,) = messages(registry, rule_id, _SLIM + text)

    assert said in message


@pytest.mark.parametrize(
    ("rule_id", "lines"),
    [
        ("ML401", "COPY a.pt /m/\nCOPY b.pt /m/\n"),
        ("ML402", "RUN hf download a/b\nRUN hf download c/d\n"),
        ("ML403", "COPY train.csv /d/\nCOPY val.tfrecord /d/\n"),
        ("ML403", "COPY train.csv /d/\nRUN kaggle datasets download a/b\n"),
        ("ML405", "COPY .netrc /root/\nCOPY kaggle.json /root/.kaggle/\n"),
    ],
)
def test_the_second_time_is_short(registry, rule_id, lines):
    _, second = messages(registry, rule_id, _SLIM + lines)

    assert re.search(r"image as well: what line 2 says holds (?:for it|here) too\.$", second)


def test_sizes_of_the_context(registry, tmp_path):
    (tmp_path / "w").mkdir()
    for name, size in (("a.pt", 340), ("b.pt", 2_600)):
        text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize {size}000000\n"
        (tmp_path / "w" / name).write_text(text)

    (one,) = messages(registry, "ML401", f"{_SLIM}COPY w/a.pt /m/\n", context=str(tmp_path))
    (folder,) = messages(registry, "ML401", f"{_SLIM}COPY w /m/\n", context=str(tmp_path))
    (whole,) = messages(registry, "ML401", f"{_SLIM}COPY . /m/\n", context=str(tmp_path))

    assert one.startswith("`w/a.pt` (340 MB) becomes part of the image")
    assert folder.startswith(
        "`w` brings 2 files with weights (2.9 GB together; the largest is `w/b.pt`) into the image"
    )
    assert "List them in .dockerignore." in whole


@pytest.mark.parametrize("path", case_files("ML404"), ids=lambda path: path.stem)
def test_no_message_repeats_a_secret(registry, path):
    case = read_case("<stdin>", path.read_text(encoding="utf-8"))
    findings = check(case.source, [registry.load("ML404")()], BuildOptions()).findings

    # Default passwords are words that a sentence may hold as well.
    for finding in findings:
        if finding.secret and finding.severity is Severity.ERROR and finding.span.text != "root":
            said = " ".join([finding.message, *(related.message for related in finding.related)])
            assert finding.span.text not in said
        assert finding.fix is None


def test_a_trusted_host_is_told_once_for_a_run_and_explained_once(registry):
    option = "--trusted-host wheels.example"
    run = f"RUN pip install {option} a && pip install {option} b\n"
    first, second = messages(registry, "ML408", f"FROM python:3.12.7-slim\n{run}{run}")
    assert "does not check the certificate of `wheels.example`" in first
    assert second == "pip takes packages from `wheels.example` unchecked here, too (see line 2)."
