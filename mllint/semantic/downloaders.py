"""The programs that download, and how each says what it fetches and where that lands."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from functools import cache

from mllint.knowledge.artifacts import LIGHT_ENDINGS
from mllint.knowledge.downloads import COMMAND_IDIOMS, STORE_TOOLS, CommandIdiom
from mllint.packages.arguments import Arguments, Grammar, fields, grammar, parse, written
from mllint.packages.program import Program, program
from mllint.regex import regex
from mllint.semantic.downloads import FETCHERS, OTHERS, Download, DownloadKind
from mllint.semantic.steps import join_path
from mllint.semantic.weights import fetched_verdict, file_verdict, folder_verdict, names_model, url_verdict
from mllint.shell.command import Command, Word

_WGET = grammar(
    values="-O|--output-document -P|--directory-prefix -o|--output-file -a|--append-output --header -U|--user-agent "
    "-t|--tries -T|--timeout -i|--input-file --user --password -e|--execute --limit-rate --referer --post-data",
)
_CURL = grammar(
    values="-o|--output -H|--header -u|--user -d|--data -X|--request -A|--user-agent -b|--cookie -c|--cookie-jar "
    "-e|--referer --connect-timeout --retry --retry-delay --retry-max-time -m|--max-time --output-dir -x|--proxy "
    "-F|--form -w|--write-out -K|--config -r|--range -C|--continue-at -z|--time-cond --url -T|--upload-file -E|--cert",
)
_ARIA2 = grammar(
    values="-o|--out -d|--dir -x|--max-connection-per-server -s|--split -j|--max-concurrent-downloads "
    "-k|--min-split-size --header --console-log-level --summary-interval -i|--input-file --max-tries --retry-wait",
)
_FETCHERS = {
    "wget": (_WGET, "--output-document", "--directory-prefix"),
    "curl": (_CURL, "--output", "--output-dir"),
    "aria2c": (_ARIA2, "--out", "--dir"),
    "axel": (grammar(values="-o|--output -n|--num-connections"), "--output", ""),
}
_GIT = grammar(
    values="-C -c --git-dir --work-tree -b|--branch --depth -o|--origin --config --filter --reference -I|--include "
    "-X|--exclude"
)
_GDOWN = grammar(values="-O|--output --id --proxy", flags="-q|--quiet --folder --fuzzy -c|--continue")
_STORE = grammar(
    values="--exclude --include --region --profile --endpoint-url --config --transfers --checkers -e",
    flags="--only-show-errors --recursive --no-sign-request -r -m -q",
)
_DVC = grammar(values="-j|--jobs -r|--remote -o|--out --rev -R --run-cache", flags="-R --run-cache -q -f|--force")


def downloads_of(command: Command, folder: str | None) -> tuple[Download, ...]:
    """See `command_downloads`."""
    run = program(command)
    if run is None:
        return tuple(_by_address(command.name or "", command.arguments))
    if run.name in FETCHERS:
        return tuple(_fetcher(run, folder))
    reader = _READERS.get(run.name)
    return tuple(reader(run) if reader is not None else _by_table(run))


# wget, curl, aria2c


def _fetcher(run: Program, folder: str | None) -> Iterator[Download]:
    for word, target in _fetched(run):
        verdict = fetched_verdict(written(word), join_path(folder, target) or target)
        if verdict is not None:
            yield Download(DownloadKind.WEIGHTS, written(word), run.name, target, "", word.span, sure=verdict)


def fetched_files(command: Command) -> tuple[tuple[Word, str | None], ...]:
    """What wget, curl, aria2c or axel fetch: each URL, and the file as written; None where it goes into a pipe."""
    run = program(command) if command.name in FETCHERS else None
    return tuple(_fetched(run)) if run is not None and run.name in FETCHERS else ()


def _fetched(run: Program) -> Iterator[tuple[Word, str | None]]:
    known, file_option, folder_option = _FETCHERS[run.name]
    given = parse(run.arguments, known)
    for word in (*given.words, *given.values("--url")):
        if _is_url(word, run.name):
            yield word, _fetch_target(run, given, word, file_option, folder_option)


def _is_url(word: Word, tool: str) -> bool:
    text = written(word)
    return bool(re.match(r"(https?|ftp)://", text)) or (
        tool != "curl" and re.match(r"[\w-]+(\.[\w-]+)+/", text) is not None
    )


def _fetch_target(run: Program, given: Arguments, url: Word, file_option: str, folder_option: str) -> str | None:
    files, folders = given.values(file_option), given.values(folder_option) if folder_option else ()
    name = posixpath.basename(re.split(r"[?#]", written(url))[0].rstrip("/"))
    if files:
        name = written(files[min(len(files) - 1, 0)])
        if name == "-":
            return _redirected(run.command)
    elif run.name == "curl" and not any(
        option.name in ("-O", "--remote-name", "-J", "--remote-header-name") for option in given.options
    ):
        return _redirected(run.command)
    return posixpath.join(written(folders[-1]), name) if folders else name


def _redirected(command: Command) -> str | None:
    targets = (each.target for each in command.redirects if each.operator in (">", ">>", "1>"))
    return next((written(target) for target in targets if target is not None), None)


# Stores, git, DVC, Google Drive


def _store(run: Program) -> Iterator[Download]:
    words = parse(run.arguments, _STORE).words
    for row in STORE_TOOLS:
        if row[0] != run.name or tuple(word.value for word in words[: len(row) - 1]) != row[1:]:
            continue
        operands = words[len(row) - 1 :]
        if (
            len(operands) < 2
            or not _is_remote(written(operands[0]), run.name)
            or _is_remote(written(operands[-1]), run.name)
        ):
            return
        target = written(operands[-1])
        for word in operands[:-1]:
            source = written(word)
            path = re.sub(r"^[\w.+-]+:/*", "", source)
            verdict = file_verdict(path)
            if verdict is None and (names_model(path.partition("/")[2] or path) or folder_verdict(target) is not None):
                verdict = False
            if verdict is not None and not path.lower().endswith(LIGHT_ENDINGS):
                yield Download(DownloadKind.WEIGHTS, source, " ".join(row[:2]), target, "", word.span, sure=verdict)
        return


def _is_remote(text: str, tool: str) -> bool:
    if "://" in text:
        return not text.startswith("file://")
    return (tool == "rclone" and ":" in text) or (tool == "mc" and not text.startswith(("/", ".")))


def _git(run: Program) -> Iterator[Download]:
    words = parse(run.arguments, _GIT).words
    values = [written(word) for word in words]
    if values[:1] == ["lfs"] and len(values) > 1 and values[1] in ("pull", "fetch", "clone", "checkout"):
        if values[1] == "clone" and len(values) > 2:
            yield from _clone(words[2:], run)
        elif values[1] in ("pull", "fetch"):
            yield Download(
                DownloadKind.WEIGHTS, None, f"git lfs {values[1]}", ".", "", words[0].span.to(words[1].span), sure=False
            )
    elif values[:1] == ["clone"] and len(values) > 1:
        yield from _clone(words[1:], run)


def _clone(words: Sequence[Word], run: Program) -> Iterator[Download]:
    url = written(words[0])
    match = re.match(
        r"(?:https?://|git@)(?:[^/@]*@)?(?:huggingface\.co|hf\.co|hf-mirror\.com|(?:www\.)?modelscope\.cn)[:/](.+)", url
    )
    if (
        match is None
        or match[1].startswith("spaces/")
        or any(each.name == "GIT_LFS_SKIP_SMUDGE" for each in run.command.assignments)
    ):
        return
    kind = DownloadKind.DATASET if match[1].startswith("datasets/") else DownloadKind.WEIGHTS
    target = written(words[1]) if len(words) > 1 else posixpath.basename(url.rstrip("/")).removesuffix(".git")
    subject = match[1].rstrip("/").removesuffix(".git")
    yield Download(kind, subject, "git clone", target, "", words[0].span)


def _dvc(run: Program) -> Iterator[Download]:
    words = parse(run.arguments, _DVC).words
    if not words or words[0].value not in ("pull", "fetch", "get", "import", "get-url", "import-url"):
        return
    tool, named = f"dvc {words[0].value}", words[1:]
    for word in named:
        text = written(word).removesuffix(".dvc")
        if file_verdict(text) is not None or names_model(text):
            yield Download(DownloadKind.WEIGHTS, text, tool, text, "", word.span, sure=file_verdict(text) is True)
    if not named and words[0].value in ("pull", "fetch"):
        yield Download(DownloadKind.DATASET, None, tool, ".", "", run.command.span, sure=False)


def _gdown(run: Program) -> Iterator[Download]:
    given = parse(run.arguments, _GDOWN)
    outputs = given.values("--output")
    target = written(outputs[-1]) if outputs else None
    verdict = file_verdict(target) if target is not None else None
    if target is not None and verdict is None and (folder_verdict(target) is not None or names_model(target)):
        verdict = False
    source = next(iter((*given.words, *given.values("--id"))), None)
    if verdict is not None and target is not None and source is not None:
        subject = posixpath.basename(target) if file_verdict(target) is not None else None
        yield Download(DownloadKind.WEIGHTS, subject, "gdown", target, "", source.span, sure=verdict)


# The table


@cache
def _grammar(row: CommandIdiom) -> Grammar:
    return grammar(values=" ".join(row.values))


@cache
def _rows() -> dict[str, list[CommandIdiom]]:
    """The rows of the table by their programs."""
    rows: dict[str, list[CommandIdiom]] = {}
    for row in COMMAND_IDIOMS:
        rows.setdefault(row.words[0], []).append(row)
    return rows


def _by_table(run: Program) -> Iterator[Download]:
    rows = _rows().get(run.name)
    if rows is None:
        yield from _by_words(run)
        return
    for row in rows:
        given = parse(fields(run.arguments), _grammar(row))
        rest = row.words[1:]
        if tuple(word.value for word in given.words[: len(rest)]) == rest:
            yield from _row_downloads(row, given, given.words[len(rest) :], run)
            return


def _row_downloads(row: CommandIdiom, given: Arguments, words: Sequence[Word], run: Program) -> Iterator[Download]:
    subjects = given.values(*row.subjects) or (words[:1] if not row.subjects or row.tool in _BOTH else ())
    if not subjects and row.kind != DownloadKind.TEXT_DATA.value:
        return
    kind = DownloadKind(row.kind)
    if given.values("--dataset") or any(word.value == "dataset" for word in given.values("--repo-type", "--type")):
        kind = DownloadKind.DATASET
    if any(word.value == "space" for word in given.values("--repo-type", "--type")):
        return
    files = words[1:] if row.words[-1] == "download" and row.cache == "huggingface" else ()
    if files and all(written(word).lower().endswith(LIGHT_ENDINGS) for word in files):
        return
    pinned = bool(given.values("--revision"))
    targets = given.values(*row.targets)
    target = written(targets[0]) if targets else None
    if row.tool in _SEVERAL:
        subjects = words
    if not subjects:
        yield Download(kind, None, row.tool, target, row.cache, run.command.span, row.sure)
    for word in subjects:
        text = written(word)
        if not text.startswith(("/", "./", "../")):
            yield Download(kind, text, row.tool, target, row.cache, word.span, row.sure, pinned)


#: Tools that take what is fetched as an option or as a word.
_BOTH = frozenset({"modelscope download"})
#: Tools whose words are all names of what is fetched.
_SEVERAL = frozenset({"NLTK", "spaCy"})


# Programs that are not known


def _by_words(run: Program) -> Iterator[Download]:
    """What the words say of a program that no table names: `download-models`, or an address and a file."""
    at = next((word for word in run.arguments[:2] if _DOWNLOAD.fullmatch(written(word))), None)
    if at is not None:
        yield Download(DownloadKind.WEIGHTS, None, f"{run.name} {written(at)}", None, "", at.span, sure=False)
    else:
        yield from _by_address(run.name, run.arguments)


_DOWNLOAD = regex(r"download[-_]?(models?|weights)")


def _by_address(name: str, words: Sequence[Word]) -> Iterator[Download]:
    """`./get.pl https://… /models/x.pth`: a URL of weights, or a URL and a file that can be nothing else."""
    urls = [word for word in words if "://" in word.raw and _ADDRESS.match(_operand(word))]
    if not urls or name in OTHERS:
        return
    files = (_operand(word) for word in words if "://" not in word.raw)
    target = next((file for file in files if file_verdict(file) is True), None)
    for word in urls if target is None else urls[:1]:
        url = _operand(word)
        if target is not None or url_verdict(url) is True:
            subject = posixpath.basename(target) if target is not None else url
            yield Download(DownloadKind.WEIGHTS, subject, name, target, "", word.span, sure=False)


def _operand(word: Word) -> str:
    """The word, or the value of an option that is written with it (`--url=…`)."""
    text = written(word)
    return text.partition("=")[2] if text.startswith("-") else text


#: With a path: an address without one is a service's.
_ADDRESS = regex(r"https?://[^/]+/.")


_READERS = {
    **dict.fromkeys({row[0] for row in STORE_TOOLS}, _store),
    "git": _git,
    "git-lfs": lambda run: _git(run._replace(arguments=(run.command.words[0]._replace(value="lfs"), *run.arguments))),
    "dvc": _dvc,
    "gdown": _gdown,
}
