"""What installs ask for: their files, constraints, projects and locks, as the builder would find them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from mllint.semantic.build import Build
from mllint.semantic.fact import BuildOptions
from mllint.semantic.installations import Installation, torch_versions
from mllint.semantic.stage import Stage
from mllint.source import Source
from mllint.syntax.parser import parse

WHL = "https://download.pytorch.org/whl"
PYPROJECT = """\
[project]
name = "app"
version = "1"
dependencies = ["torch>=2.0", "numpy"]

[project.optional-dependencies]
gpu = ["cupy-cuda12x"]

[dependency-groups]
dev = ["pytest"]
"""
UV_LOCK = """\
version = 1
requires-python = ">=3.11"

[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [
    { name = "numpy" },
    { name = "torch" },
]

[package.dev-dependencies]
dev = [
    { name = "pytest" },
]

[[package]]
name = "filelock"
version = "3.16.0"
source = { registry = "https://index.example/simple" }

[[package]]
name = "numpy"
version = "2.1.0"
source = { registry = "https://index.example/simple" }

[[package]]
name = "pytest"
version = "8.3.0"
source = { registry = "https://index.example/simple" }

[[package]]
name = "torch"
version = "2.4.0"
source = { registry = "https://index.example/simple" }
dependencies = [
    { name = "filelock" },
]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def stage_of(folder: Path, body: str, files: Mapping[str, str], base: str = "FROM python:3.11-slim\n") -> Stage:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    source = Source(str(folder / "Dockerfile"), base + body)
    return Build(parse(source), BuildOptions(context=str(folder))).stages[-1]


def last(folder: Path, body: str, **files: str) -> Installation:
    named = {name.replace("__", "/").replace("_dot_", "."): text for name, text in files.items()}
    return stage_of(folder, body, named).installations[-1]


def wanted(found: Installation) -> list[tuple[str | None, str | None]]:
    return [(each.requirement.name, each.version) for each in found.wanted]


REQUIREMENTS = {"requirements_dot_txt": "torch==2.1.0\nnumpy>=1.26\n"}


@pytest.mark.parametrize(
    "body",
    [
        "COPY requirements.txt .\nRUN pip install -r requirements.txt",
        "WORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt",
        "COPY . /src\nRUN cd /src && pip install -r requirements.txt",
        "COPY requirements.txt /tmp/deps.txt\nRUN pip install --requirement=/tmp/deps.txt",
        "COPY requirement*.txt /tmp/\nRUN pip install -r /tmp/requirements.txt",
        "ADD requirements.txt /a/b/\nWORKDIR /a\nRUN uv pip install --system -r b/requirements.txt",
        "RUN --mount=type=bind,source=requirements.txt,target=/tmp/r.txt pip install -r /tmp/r.txt",
        "RUN --mount=type=bind,target=/src pip install -r /src/requirements.txt",
        "ARG R=requirements.txt\nCOPY $R .\nRUN pip install -r $R",
        "COPY requirements.txt /a.txt\nRUN mv /a.txt /b.txt && pip install -r /b.txt",
        "COPY requirements.txt /a.txt\nRUN mkdir /c\nRUN cp /a.txt /c/\nRUN pip install -r /c/a.txt",
    ],
)
def test_the_file_that_is_at_the_installed_path(folder: Path, body: str) -> None:
    found = last(folder, body, **REQUIREMENTS)
    assert wanted(found) == [("torch", "2.1.0"), ("numpy", None)]
    assert found.complete
    assert [use.drives for use in found.manifests] == [True]
    assert found.wanted[0].requirement.span.source.path.endswith("requirements.txt")


def test_a_file_through_stages(folder: Path) -> None:
    base = "FROM python:3.11-slim AS files\nCOPY requirements.txt /src/\nFROM python:3.11-slim AS base\n"
    body = "COPY --from=files /src /deps\nFROM base\nRUN pip install -r /deps/requirements.txt"
    stage = stage_of(folder, body, {"requirements.txt": "torch==2.1.0\n"}, base)
    assert wanted(stage.installations[0]) == [("torch", "2.1.0")]


@pytest.mark.parametrize(
    "body",
    [
        "RUN pip install -r requirements.txt",
        "COPY other.txt .\nRUN pip install -r requirements.txt",
        "RUN pip install -r requirements.txt\nCOPY requirements.txt .",
        "COPY requirements.txt r\nRUN curl -o r https://example/r.txt\nRUN pip install -r r",
        "COPY requirements.txt .\nRUN grep -v torch requirements.txt > r.txt && pip install -r r.txt",
        "COPY requirements.txt .\nRUN pip install -r $UNSET_FILE.txt",
        "RUN wget https://example/requirements.txt && pip install -r requirements.txt",
    ],
)
def test_a_file_that_nobody_here_can_see(folder: Path, body: str) -> None:
    found = last(folder, body, **REQUIREMENTS)
    assert wanted(found) == []
    assert not found.complete


@pytest.mark.parametrize(
    ("edit", "left", "complete"),
    [
        ("sed -i '/torch/d' requirements.txt", ["numpy"], False),
        ("sed -i 's/torch==.*/torch==2.3.0/' requirements.txt", ["numpy"], False),
        ('sed -i "/$PKG/d" requirements.txt', [], False),
        ("sed -i 's/\\r$//' requirements.txt", ["torch", "numpy"], True),
        ("echo scipy >> requirements.txt", ["torch", "numpy"], False),
    ],
)
def test_a_file_that_a_command_edits(folder: Path, edit: str, left: list[str], complete: bool) -> None:
    found = last(folder, f"COPY requirements.txt .\nRUN {edit} && pip install -r requirements.txt", **REQUIREMENTS)
    assert [name for name, _ in wanted(found)] == left
    assert found.complete is complete


def test_nested_files_and_constraints(folder: Path) -> None:
    found = last(
        folder,
        "COPY reqs /reqs\nRUN pip install scipy -r /reqs/all.txt -c /reqs/pins.txt",
        reqs__all_dot_txt="-r base.txt\n-c more.txt\nnumpy\n",
        reqs__base_dot_txt="-r all.txt\ntorch\n",
        reqs__pins_dot_txt="scipy==1.11.0\nunused==1\n",
        reqs__more_dot_txt="numpy==1.26.4\ntorch==2.1.0 ; python_version < '3.9'\n",
    )
    assert wanted(found) == [("scipy", "1.11.0"), ("numpy", "1.26.4"), ("torch", None)]
    fixed = {each.requirement.name: each.fixed_by for each in found.wanted}
    assert fixed["scipy"] is not None
    assert fixed["scipy"].text == "scipy==1.11.0"
    assert fixed["torch"] is None
    drives = {use.manifest.source.path.rpartition("/")[2]: use.drives for use in found.manifests}
    assert drives == {"all.txt": True, "base.txt": True, "more.txt": False, "pins.txt": False}


def test_a_constraint_of_the_environment(folder: Path) -> None:
    body = "COPY pins.txt /\nENV PIP_CONSTRAINT=/pins.txt\nRUN pip install torch"
    assert wanted(last(folder, body, pins_dot_txt="torch==2.1.0\n")) == [("torch", "2.1.0")]


def test_an_unknown_constraint_leaves_the_version_open(folder: Path) -> None:
    found = last(folder, "RUN pip install torch -c https://example/pins.txt")
    assert (wanted(found), found.complete) == ([("torch", None)], False)


def test_markers(folder: Path) -> None:
    text = "a==1 ; python_version < '3.9'\nb==2 ; python_version >= '3.9'\nc==3 ; sys_platform == 'win32'\n"
    assert wanted(last(folder, "COPY r.txt .\nRUN pip install -r r.txt", r_dot_txt=text)) == [("b", "2")]


def test_a_file_in_the_first_folder_of_an_unknown_image(folder: Path) -> None:
    files = {"requirements.txt": "torch==2.1.0\n"}
    unknown = "FROM example/app:1\n"
    body = "COPY requirements.txt ./\nRUN pip install -r requirements.txt"
    assert wanted(stage_of(folder, body, files, unknown).installations[0]) == [("torch", "2.1.0")]
    # Where this is depends on the folder before it.
    moved = "COPY requirements.txt ./\nWORKDIR sub\nRUN pip install -r requirements.txt"
    assert not stage_of(folder, moved, files, unknown).installations[0].complete


def test_a_marker_that_cannot_be_decided(folder: Path) -> None:
    text = "a==1 ; python_version < '3.9'\na==2 ; python_version >= '3.9'\n"
    stage = stage_of(folder, "COPY r.txt .\nRUN pip install -r r.txt", {"r.txt": text}, "FROM example/app:1\n")
    assert wanted(stage.installations[0]) == [("a", None), ("a", None)]


def test_hashes_lock(folder: Path) -> None:
    text = f"a==1 --hash=sha256:{'0' * 64}\n"
    assert last(folder, "COPY r.txt .\nRUN pip install -r r.txt", r_dot_txt=text).locked
    assert last(folder, "COPY r.txt .\nRUN pip install --require-hashes -r r.txt", r_dot_txt="a==1\n").locked
    assert not last(folder, "COPY r.txt .\nRUN pip install -r r.txt", r_dot_txt="a==1\n").locked


class TestProjects:
    COPIED = "WORKDIR /app\nCOPY pyproject.toml uv.lock ./\n"

    def read(self, folder: Path, body: str, **files: str) -> Installation:
        return last(folder, body, **{"pyproject_dot_toml": PYPROJECT, **files})

    def test_a_lock_decides(self, folder: Path) -> None:
        found = self.read(folder, self.COPIED + "RUN uv sync --frozen --no-dev", uv_dot_lock=UV_LOCK)
        assert wanted(found) == [("torch", "2.4.0"), ("numpy", "2.1.0")]
        assert found.locked
        assert found.complete
        assert [(each.requirement.name, each.version) for each in found.resolved] == [("filelock", "3.16.0")]
        assert [(use.manifest.kind, use.drives) for use in found.manifests] == [("lock", True), ("pyproject", False)]
        assert found.wanted[0].fixed_by is not None
        assert found.wanted[0].fixed_by.source.path.endswith("uv.lock")

    def test_groups(self, folder: Path) -> None:
        found = self.read(folder, self.COPIED + "RUN uv sync", uv_dot_lock=UV_LOCK)
        assert ("pytest", "8.3.0") in wanted(found)
        only = self.read(folder, self.COPIED + "RUN uv sync --only-group dev", uv_dot_lock=UV_LOCK)
        assert wanted(only) == [("pytest", "8.3.0")]

    def test_a_lock_that_is_not_copied_drives_nothing(self, folder: Path) -> None:
        body = "WORKDIR /app\nCOPY pyproject.toml ./\nRUN uv sync --no-dev"
        found = self.read(folder, body, uv_dot_lock=UV_LOCK)
        assert wanted(found) == [("torch", None), ("numpy", None)]
        assert not found.locked
        assert [(use.manifest.kind, use.drives) for use in found.manifests] == [("pyproject", True)]

    def test_files_that_a_mount_shows(self, folder: Path) -> None:
        mounts = "".join(f"--mount=type=bind,source={name},target={name} " for name in ("uv.lock", "pyproject.toml"))
        found = self.read(folder, f"WORKDIR /app\nRUN {mounts}uv sync --frozen --no-dev", uv_dot_lock=UV_LOCK)
        assert wanted(found) == [("torch", "2.4.0"), ("numpy", "2.1.0")]

    @pytest.mark.parametrize(
        ("run", "names"),
        [
            ("uv run --no-dev python train.py", ["torch", "numpy"]),
            ("uv run train.py", ["torch", "numpy", "pytest"]),
            ("uv run -m app", ["torch", "numpy", "pytest"]),
            ("A=1 uv --quiet run --frozen \\\n  --no-dev hf download org/name", ["torch", "numpy"]),
            ("uv run --project /elsewhere train.py", []),
            ("uv run --with scipy --no-project python a.py", ["scipy"]),
        ],
    )
    def test_a_program_that_uv_runs(self, folder: Path, run: str, names: list[str]) -> None:
        found = self.read(folder, f"{self.COPIED}RUN {run}", uv_dot_lock=UV_LOCK)
        assert [name for name, _ in wanted(found)] == names
        assert found.complete is (run != "uv run --project /elsewhere train.py")

    @pytest.mark.parametrize(
        "lines",
        [
            "RUN uv run --no-sync python train.py",
            "RUN uv run --no-project python train.py",
            "RUN uv run --script train.py",
            "RUN uv run --isolated python train.py",
            "ENV UV_NO_SYNC=1\nRUN uv run python train.py",
            "RUN UV_NO_SYNC=1 uv run -m app",
            "RUN echo uv run python train.py",
            "RUN poetry run python train.py",
        ],
    )
    def test_a_program_that_is_run_in_what_is_there(self, folder: Path, lines: str) -> None:
        stage = stage_of(folder, self.COPIED + lines, {"pyproject.toml": PYPROJECT, "uv.lock": UV_LOCK})
        assert [wanted(each) for each in stage.installations] in ([], [[]])

    def test_a_second_sync_brings_nothing_new(self, folder: Path) -> None:
        files = {"pyproject.toml": PYPROJECT, "uv.lock": UV_LOCK}
        stage = stage_of(folder, self.COPIED + "RUN uv sync --no-dev\nRUN uv run --no-dev python train.py", files)
        torch = stage.inventory.all("torch")
        assert [each.environment for each in torch] == ["/app/.venv"]
        assert torch[0].instruction is stage.runs[0]
        assert not stage.inventory.changes

    def test_an_export_of_a_lock(self, folder: Path) -> None:
        body = self.COPIED + "RUN uv export --no-dev -o requirements.txt && pip install -r requirements.txt"
        found = self.read(folder, body, uv_dot_lock=UV_LOCK)
        assert wanted(found) == [("torch", "2.4.0"), ("numpy", "2.1.0")]
        assert found.locked
        assert found.complete

    @pytest.mark.parametrize(
        ("command", "names"),
        [
            ("pip install .", [None, "torch", "numpy"]),
            ("pip install -e '.[gpu]'", [None, "torch", "numpy", "cupy-cuda12x"]),
            ("pip install /app", [None, "torch", "numpy"]),
            ("pip install --no-deps .", [None]),
        ],
    )
    def test_a_folder(self, folder: Path, command: str, names: list[str | None]) -> None:
        found = self.read(folder, f"WORKDIR /app\nCOPY . .\nRUN {command}")
        assert [name for name, _ in wanted(found)] == names
        assert found.complete

    def test_a_folder_at_the_root(self, folder: Path) -> None:
        assert self.read(folder, "COPY pyproject.toml .\nRUN pip install .").complete

    def test_a_project_outside_the_context(self, folder: Path) -> None:
        found = last(folder, "RUN git clone https://example/x && cd x && pip install .")
        assert not found.complete

    def test_poetry(self, folder: Path) -> None:
        project = (
            '[tool.poetry]\nname = "app"\n[tool.poetry.dependencies]\npython = "^3.11"\ntorch = "^2.0"\n'
            '[tool.poetry.group.dev.dependencies]\npytest = "*"\n'
        )
        lock = (
            '[[package]]\nname = "torch"\nversion = "2.4.1"\noptional = false\npython-versions = ">=3.8"\nfiles = []\n'
            '\n[metadata]\nlock-version = "2.1"\npython-versions = "^3.11"\ncontent-hash = "0"\n'
        )
        body = "WORKDIR /app\nCOPY pyproject.toml poetry.lock ./\nRUN poetry install --without dev"
        found = last(folder, body, pyproject_dot_toml=project, poetry_dot_lock=lock)
        assert wanted(found) == [("torch", "2.4.1")]
        assert found.locked


def test_an_environment_file(folder: Path) -> None:
    text = "channels: [conda-forge]\ndependencies:\n  - python=3.10\n  - pip:\n    - torch==2.1.0\n"
    body = "COPY environment.yml .\nRUN conda env update -n base -f environment.yml"
    found = stage_of(folder, body, {"environment.yml": text}, "FROM continuumio/miniconda3\n").installations[0]
    assert wanted(found) == [("python", None), ("torch", "2.1.0")]


class TestIndexes:
    def builds(self, folder: Path, body: str, **files: str) -> list[tuple[str, str | None]]:
        return [(index.kind, index.build) for index in last(folder, body, **files).indexes]

    def test_a_line_of_the_file(self, folder: Path) -> None:
        text = f"--extra-index-url {WHL}/cu121\ntorch==2.1.0\n"
        assert self.builds(folder, "COPY r.txt .\nRUN pip install -r r.txt", r_dot_txt=text) == [
            ("extra-index-url", "cu121")
        ]

    @pytest.mark.parametrize(
        "before",
        [
            f"RUN pip config set global.index-url {WHL}/cpu\n",
            f"ENV PIP_INDEX_URL={WHL}/cpu\n",
            f"ARG PIP_INDEX_URL={WHL}/cpu\n",
            "COPY pip.conf /etc/pip.conf\n",
            "COPY pip.conf /root/.config/pip/pip.conf\n",
        ],
    )
    def test_what_pip_is_told_besides(self, folder: Path, before: str) -> None:
        conf = f"[global]\nindex-url = {WHL}/cpu\n"
        assert self.builds(folder, f"{before}RUN pip install torch", pip_dot_conf=conf) == [("index-url", "cpu")]
        mine = self.builds(folder, f"{before}RUN pip install torch -i {WHL}/cu121", pip_dot_conf=conf)
        assert mine == [("index-url", "cu121")]

    def test_a_setting_that_comes_later_does_not_count(self, folder: Path) -> None:
        body = f"RUN pip config set global.index-url {WHL}/cpu\n"
        stage = stage_of(folder, f"RUN pip install torch\n{body}", {})
        assert stage.installations[0].indexes == ()

    def test_a_variable_of_the_same_instruction(self, folder: Path) -> None:
        assert self.builds(folder, f"RUN export PIP_INDEX_URL={WHL}/cpu && pip install torch") == [("index-url", "cpu")]


def test_torch_releases_of_the_default_index(folder: Path) -> None:
    assert torch_versions(last(folder, "RUN pip install torch==2.1.0")) == {"2.1.0"}
    assert torch_versions(last(folder, f"RUN pip install torch==2.1.0 -i {WHL}/cpu")) == frozenset()
    assert torch_versions(
        last(folder, "COPY requirements.txt .\nRUN pip install -r requirements.txt", **REQUIREMENTS)
    ) == {"2.1.0"}


def test_what_is_no_install_has_no_installation(folder: Path) -> None:
    stage = stage_of(folder, "RUN pip uninstall -y a && npm install b && pip install c", {})
    found = [stage.installation_of(step.install) for step in stage.package_steps]
    assert [each is not None for each in found] == [False, False, True]
