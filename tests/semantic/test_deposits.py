from __future__ import annotations

import pytest

from mllint.semantic.deposit import DepositKind, archive_bytes, names, placed
from mllint.semantic.deposits import deposits

URL = "https://repo.example.com/a-1.0.tar.gz"


@pytest.fixture
def found(build):
    """The deposits of a build with these instructions."""

    def read(*lines: str, **options: object):
        return deposits(build("\n".join(("FROM debian:12", *lines, "")), **options))

    return read


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("COPY a.txt /opt/",), ["/opt/a.txt"]),
        (("COPY a.txt /opt",), ["/opt/a.txt"]),
        (("COPY a.txt /opt/b.txt",), ["/opt/b.txt"]),
        (("COPY src /opt/app",), ["/opt/app"]),
        (("COPY condarc /opt/conda/.condarc",), ["/opt/conda/.condarc"]),
        (("WORKDIR /w", "COPY . ."), ["/w"]),
        ((f"ADD {URL} /tmp/",), ["/tmp/a-1.0.tar.gz"]),
        ((f"RUN cd /w && wget -q {URL}",), ["/w/a-1.0.tar.gz"]),
        ((f"RUN curl -fsSL {URL} -o $HOME/a.tgz",), ["~/a.tgz"]),
        ((f"RUN curl -fsSL {URL} > /w/a.tgz",), ["/w/a.tgz"]),
        ((f"RUN curl -fsSL {URL} | tar xz",), []),
        ((f"RUN wget -P /w {URL} && mv /w/a-1.0.tar.gz /w/b.gz",), ["/w/b.gz"]),
        ((f"RUN wget -P /w {URL} && gunzip /w/a-1.0.tar.gz",), []),
        ((f"RUN --mount=type=cache,target=/w wget -P /w {URL}",), []),
        (("RUN git clone https://git.example.com/team/m.git /m",), ["/m"]),
        (("RUN git clone https://git.example.com/team/m.git /m && rm -rf /m",), []),
        (("ARG FOLDER", "COPY a.txt /opt/", "RUN rm -rf $FOLDER"), []),
        (("COPY a.txt /opt/", "RUN <<'EOF' python3\nimport shutil\nEOF"), ["/opt/a.txt"]),
    ],
)
def test_what_lies_in_the_layers(found, lines, expected):
    assert [each.path for each in found(*lines).kept] == expected


def test_what_is_removed_in_another_layer(found):
    result = found(f"RUN wget -O /w/a.tgz {URL} && tar xf /w/a.tgz", "RUN rm /w/*.tgz")

    (removal,) = result.removals
    assert removal.deposit.kind is DepositKind.DOWNLOAD
    assert removal.run.line == 3
    assert [use.name for use in removal.deposit.uses] == ["tar"]
    assert result.kept == ()


def test_what_a_child_stage_removes_is_not_kept_by_its_parent(build):
    stages = build(f"FROM debian:12 AS a\nADD {URL} /w/\nFROM a\nRUN rm -rf /w\n").stages
    result = deposits(stages[0].build)

    assert [removal.stage for removal in result.removals] == [stages[1]]
    assert result.kept == ()


@pytest.mark.parametrize(
    ("command", "paths"),
    [
        ("chown -R app /opt", ["/opt/a"]),
        ("chown -R app:app /opt/a /srv", ["/opt/a", "/srv/b"]),
        ("chmod -R 755 /", ["/opt/a", "/srv/b"]),
        ("chown app /opt", []),
        ("chown -R root:root /opt", []),
        ("chown -R user /srv", []),
        ("chown -R --reference=/etc /opt", []),
        ("mkdir /data && chown -R app /data", []),
    ],
)
def test_what_is_written_anew(found, command, paths):
    result = found("COPY a /opt/a", "COPY --chown=user:user b /srv/b", f"RUN {command}")

    assert [each.path for rewrite in result.rewrites for each in rewrite.deposits] == paths


def test_sizes_come_from_the_context_and_the_tables(found, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.bin").write_bytes(bytes(2000))
    (tmp_path / "data" / "b.bin").write_bytes(bytes(500))
    installer = "https://repo.example.com/Miniconda3-py312_25.5.1-0-Linux-x86_64.sh"
    lines = ("COPY data /data", f"ADD {installer} /w/", "RUN rm /data/b.bin", "RUN apt-get install -y cmake")
    result = found(*lines, context=str(tmp_path))

    sizes = {each.label: each.size for each in (*result.kept, *result.packages)}
    assert sizes["data"] == 2500
    assert sizes["Miniconda3-py312_25.5.1-0-Linux-x86_64.sh"] == 130_000_000
    assert sizes["cmake"] == 353_000_000
    assert [removal.size for removal in result.removals] == [500]


@pytest.mark.parametrize(
    ("folder", "path", "expected"),
    [
        ("/w", "a/../b", "/w/b"),
        ("/w", "/root/a", "~/a"),
        ("/w", "$HOME/a", "~/a"),
        ("/w", "$X/a", "$X/a"),
        (None, "a", None),
        (None, "/a", "/a"),
    ],
)
def test_paths_are_made_absolute(folder, path, expected):
    assert placed(folder, path) == expected


def test_wildcards_name_files():
    assert names("/w/*.deb", "/w/a.deb")
    assert not names("/w/*.deb", "/w/a.rpm")
    assert not names(None, "/w/a.deb")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Anaconda3-2024.10-1-Linux-x86_64.sh", 800_000_000),
        ("cuda_12.4.1_550.54.15_linux.run", 3_500_000_000),
        ("cuda-keyring_1.1-1_all.deb", 0),
        ("something.tar.gz", None),
    ],
)
def test_well_known_archives_have_a_size(name, expected):
    assert archive_bytes(name) == expected
