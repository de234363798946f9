"""What Python code downloads, by its calls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from mllint.knowledge.artifacts import LIGHT_ENDINGS
from mllint.knowledge.downloads import LIGHT_CLASSES, PYTHON_IDIOMS, PythonIdiom
from mllint.regex import regex
from mllint.semantic.downloads import Download, DownloadKind
from mllint.semantic.python_code import Call
from mllint.semantic.weights import file_verdict, folder_verdict, known_size, names_model, url_verdict

#: Who takes a URL or an output file: only its name tells what is fetched.
_BY_URL = frozenset({"urlretrieve", "wget", "requests"})
_TORCHVISION = regex(r"(?:^|\.)torchvision\.models\.(?:\w+\.)*(?P<model>[a-z]\w+)$")
_KERAS = regex(r"(?:^|\.)keras\.applications\.(?:\w+\.)*(?P<model>[A-Z]\w+)$")
_MLFLOW = regex(r"(?:^|\.)mlflow\.\w+\.load_model$")


def python_downloads(calls: Iterable[Call], *, loose: bool = True) -> tuple[Download, ...]:
    """The downloads of a piece of Python.

    Where an argument is computed, a loader may read a local file as well: with `loose` it counts as a download that
    is not sure, otherwise it does not count.
    """
    return tuple(found for call in calls for found in _of_call(call, loose))


def _of_call(call: Call, loose: bool) -> Iterator[Download]:
    row = next((row for row in PYTHON_IDIOMS if call.name == row.name or call.name.endswith(f".{row.name}")), None)
    by_name = _torchvision(call) or _keras(call) or _mlflow(call) if row is None else None
    found = _by_row(row, call, loose) if row is not None else by_name
    if found is not None:
        yield found


def _by_row(row: PythonIdiom, call: Call, loose: bool) -> Download | None:
    if _is_local_or_light(row, call):
        return None
    given, subject = _subject(row, call)
    if not given and not row.always:
        return None
    if given and subject is None and not (row.always or loose):
        return None
    verdict = _subject_verdict(row, subject)
    if verdict is None:
        return None
    kind = DownloadKind(row.kind)
    if call.keywords.get("repo_type") == "dataset":
        kind = DownloadKind.DATASET
    sure = verdict and (subject is not None or row.always)
    return Download(kind, subject, row.tool, _target(row, call), row.cache, call.span, sure, _is_pinned(call))


def _is_pinned(call: Call) -> bool:
    """Whether a revision is given, or may be; torch.hub writes it behind the repository's name."""
    repository = call.arguments[0] if call.arguments else call.keywords.get("repo_or_dir")
    if call.name.endswith("hub.load"):
        return not isinstance(repository, str) or ":" in repository
    return call.has("revision")


def _is_local_or_light(row: PythonIdiom, call: Call) -> bool:
    if call.keywords.get("local_files_only") is True or call.keywords.get("source") == "local":
        return True
    if call.keywords.get("repo_type") == "space":
        return True
    if row.only_with and not call.keywords.get(row.only_with):
        return True
    if row.name == "from_pretrained":
        return call.name.rpartition(".")[0].endswith(LIGHT_CLASSES)
    if row.name == "hf_hub_download":
        name = call.keywords.get("filename", call.arguments[1] if len(call.arguments) > 1 else None)
        return isinstance(name, str) and name.lower().endswith(LIGHT_ENDINGS)
    return False


def _subject(row: PythonIdiom, call: Call) -> tuple[bool, str | None]:
    """Whether the argument is given, and its value when that is written."""
    value: object = None
    given = False
    if row.position is not None and len(call.arguments) > row.position:
        given, value = True, call.arguments[row.position]
    for keyword in row.keywords:
        if not given and keyword in call.keywords:
            given, value = True, call.keywords[keyword]
    return given or "**" in call.keywords, value if isinstance(value, str) and value else None


def _subject_verdict(row: PythonIdiom, subject: str | None) -> bool | None:
    """True when what is named is surely fetched, False when probably, None when it is a local path, or no weights."""
    if row.tool in _BY_URL or row.name.endswith("_from_url") or row.name.endswith("url_to_file"):
        return url_verdict(subject) if subject is not None and "://" in subject else None
    if row.tool == "gdown":
        if subject is None:
            return None
        telling = file_verdict(subject)
        return (
            telling
            if telling is not None
            else (False if folder_verdict(subject) is not None or names_model(subject) else None)
        )
    if subject is None:
        return True
    if subject.startswith(("/", "./", "../", "~", "\\")) or subject in (".", ".."):
        return None
    if row.tool == "ultralytics":
        return (
            True
            if known_size(subject) is not None or re.fullmatch(r"(yolo|sam|rtdetr)[\w.-]*?(\.pt)?", subject)
            else None
        )
    if row.tool in ("Whisper", "faster-whisper", "TensorFlow Hub", "CLIP"):
        return None if file_verdict(subject) is True and "://" not in subject else True
    return None if file_verdict(subject) is True and subject.count("/") != 1 and "://" not in subject else True


def _target(row: PythonIdiom, call: Call) -> str | None:
    for keyword in row.targets:
        value = call.keywords.get(keyword)
        if isinstance(value, str):
            return value
    return None


def _torchvision(call: Call) -> Download | None:
    match = _TORCHVISION.search(call.name)
    if match is None:
        return None
    weights = "weights" in call.keywords and not re.search(r"weights\s*=\s*None\b", call.span.text)
    if not (weights or call.keywords.get("pretrained") is True):
        return None
    return Download(DownloadKind.WEIGHTS, match["model"], "torchvision", None, "torch", call.span)


def _keras(call: Call) -> Download | None:
    match = _KERAS.search(call.name)
    if match is None or re.search(r"weights\s*=\s*None\b", call.span.text):
        return None
    return Download(DownloadKind.WEIGHTS, match["model"], "keras.applications", None, "keras", call.span)


def _mlflow(call: Call) -> Download | None:
    subject = call.arguments[0] if call.arguments else call.keywords.get("model_uri")
    if not _MLFLOW.search(call.name) or not isinstance(subject, str):
        return None
    if not re.match(r"(models|runs|s3|gs|mlflow-artifacts|https?):/", subject):
        return None
    return Download(DownloadKind.WEIGHTS, subject, "MLflow", None, "", call.span)
