from __future__ import annotations

import pytest

BASE = "FROM python:3.12.7-slim\n"


def fetches(build, body, **options):
    return build(BASE + body, **options).final.artifacts.fetches


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("RUN hf download org/n", "~/.cache/huggingface"),
        ("ENV HF_HOME=/hub\nRUN hf download org/n", "/hub"),
        ("ENV XDG_CACHE_HOME=/c\nRUN hf download org/n", "/c/huggingface"),
        ("RUN HF_HOME=/h hf download org/n", "/h"),
        ("RUN export HF_HOME=/e && hf download org/n", "/e"),
        ("ARG WHERE\nENV HF_HOME=$WHERE\nRUN hf download org/n", None),
        ("ENV HOME=/data\nRUN hf download org/n", "/data/.cache/huggingface"),
        ("RUN hf download org/n --local-dir /m", "/m"),
        ("ENV M=/models\nRUN hf download org/n --local-dir $M/n", "/models/n"),
        ("WORKDIR /app\nRUN wget https://x.example/a.pt", "/app/a.pt"),
        ("WORKDIR /app\nRUN cd w && wget https://x.example/a.pt", "/app/w/a.pt"),
        ("WORKDIR /app\nRUN cd $W && wget https://x.example/a.pt", None),
        ("WORKDIR /app\nRUN wget https://x.example/a.pt && mv a.pt /models/", "/models"),
        ("WORKDIR /app\nADD https://x.example/a.pt m/", "/app/m"),
        ("RUN python -c \"import torch; torch.hub.load('org/r', 'm')\"", "~/.cache/torch"),
        ("RUN python -m spacy download en_core_web_sm", None),
    ],
)
def test_where_a_download_lands(build, body, path):
    (found,) = fetches(build, f"{body}\n")

    assert (found.path or "").rstrip("/") == (path or "")
    assert found.path is None if path is None else found.stays


@pytest.mark.parametrize(
    ("run", "stays"),
    [
        ("--mount=type=cache,target=/root/.cache hf download org/n", False),
        ("--mount=type=cache,target=/root/.cache/pip hf download org/n", True),
        ("--mount=type=tmpfs,target=/m wget -O /m/a.pt https://x.example/a.pt", False),
        ("--mount=type=secret,id=x hf download org/n", True),
        ("--mount=type=cache,target=/hub hf download org/n --local-dir $X", False),
        ("wget https://x.example/a.pt && rm -f a.pt", False),
        ("wget https://x.example/a.pt && rm -f b.pt", True),
        ("wget https://x.example/weights.zip && rm weights.zip", False),
        ("wget https://x.example/weights.zip && unzip weights.zip && rm weights.zip", True),
        ("hf download org/n --local-dir /m && rm -rf /m", False),
    ],
)
def test_what_stays_in_the_layer(build, run, stays):
    (found,) = fetches(build, f"ARG X\nWORKDIR /app\nRUN {run}\n")

    assert found.stays is stays


def test_a_download_that_may_not_run(build):
    (found,) = fetches(build, 'RUN if [ "$A" ]; then hf download org/n; fi\n')

    assert found.conditional


def test_clones_without_git_lfs_bring_pointers(build):
    clone = "RUN git clone https://huggingface.co/org/n\n"

    assert fetches(build, clone) == ()
    assert len(fetches(build, f"RUN apt-get update && apt-get install -y git-lfs\n{clone}")) == 1
    assert len(fetches(build, f"RUN git lfs install\n{clone}")) == 1
    assert len(build(f"FROM unknown.example/image\n{clone}").final.artifacts.fetches) == 1


def test_scripts_of_the_context_are_read(build, tmp_path):
    (tmp_path / "get.py").write_text("from huggingface_hub import snapshot_download\nsnapshot_download('org/n')\n")
    (tmp_path / "get.sh").write_text("wget https://x.example/a.pt\n")
    body = "WORKDIR /app\nCOPY get.py get.sh ./\nRUN python get.py\nRUN ./get.sh\n"

    found = fetches(build, body, path=str(tmp_path / "Dockerfile"), context=str(tmp_path))

    assert [each.download.subject for each in found] == ["org/n", "https://x.example/a.pt"]
    assert [each.span.text for each in found] == ["python get.py", "./get.sh"]
    assert found[0].path is None, "the script may set another folder"


def test_scripts_that_cannot_be_read_count_by_their_names(build):
    found = fetches(build, "RUN python download_models.py && python prepare.py && bash get_weights.sh\n")

    assert [(each.download.tool, each.download.sure) for each in found] == [
        ("download_models.py", False),
        ("get_weights.sh", False),
    ]


def test_what_another_stage_makes(build):
    text = (
        f"{BASE.strip()} AS a\nWORKDIR /w\nCOPY x.pt /in/\nRUN wget https://x.example/y.pt -O out/y.pt\n"
        f"RUN python train.py --output-dir out\nRUN torchrun train.py\n{BASE}COPY --from=a /in /in\n"
        "COPY --from=a /w/out /out\nCOPY --from=a /w/checkpoints /ck\nCOPY --from=a /etc /etc\n"
    )

    stage = build(text)

    assert [(made.path, made.how) for made in stage.stages[0].artifacts.weights] == [
        ("/w/out/y.pt", "downloaded"),
        ("/in/", "copied"),
        ("/w/out", "trained"),
        (None, "trained"),
    ]
    assert [(each.source.value, each.origin.how) for each in stage.final.artifacts.baked] == [
        ("/in", "copied"),
        ("/w/out", "downloaded"),
        ("/w/checkpoints", "trained"),
    ]


def test_a_long_chain_of_stages_is_no_problem(build):
    lines = [f"{BASE.strip()} AS s0\nCOPY a.pt /m/\n"]
    lines += [f"{BASE.strip()} AS s{number}\nCOPY --from=s{number - 1} /m /m\n" for number in range(1, 300)]

    stages = build("".join(lines)).stages
    found = [stage.artifacts.baked for stage in stages]

    assert all(len(each) == 1 for each in found)
