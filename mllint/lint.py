"""Linting files and texts: reading, settings, rules, and the results. The command and embedders use the same.

from mllint.lint import lint_path, lint_text

for finding in lint_text("FROM python\\n"):
    print(finding.rule, finding.span.first.line, finding.message)
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, NamedTuple

from mllint.config.errors import ConfigError
from mllint.config.load import Configuration
from mllint.config.settings import Settings
from mllint.engine import Checked, check, describe
from mllint.finding import Finding
from mllint.plugins import PluginError, Registry, load_plugins
from mllint.report.run import ErrorReport, FileReport, StageReport
from mllint.selection import Selector
from mllint.semantic.fact import BuildOptions
from mllint.semantic.role import Role
from mllint.semantic.stage import Stage
from mllint.source import Source

#: Bytes. The longest real Dockerfile that we know has 200 kB; what is 25 times longer is something else.
MAX_FILE_SIZE = 5 * 1024 * 1024

#: From this many files on, a second process pays for its start.
PARALLEL_FROM = 48


class ReadError(Exception):
    """A file that cannot be linted; the message says why, for the user."""


class FileResult(NamedTuple):
    """What is said of one file. `report` is None when it could not be read; `crashed` when mllint failed on it."""

    path: str
    report: FileReport | None
    findings: tuple[Finding, ...]
    errors: tuple[ErrorReport, ...]
    crashed: bool = False


class Linter:
    """Lints files with their own settings; rules and settings are made once for all files that share them."""

    def __init__(self, configuration: Configuration, registry: Registry) -> None:
        self.configuration = configuration
        self.registry = registry
        self._selector = Selector(registry)

    def lint(self, source: Source, *, path: str | None = None) -> FileResult:
        """Lints a text. `path` is the file whose settings hold, the source's own unless given.

        Raises ConfigError and PluginError. A defect of mllint is reported, so that other files are linted.
        """
        settings = self.configuration.for_file(path or source.path)
        rules = self._selector.select(settings, path or source.path)
        try:
            checked = check(
                source, rules, build_options(settings), self.registry, require_reasons=settings.require_ignore_reason
            )
        except (ConfigError, PluginError):
            raise
        except Exception as error:
            return failed(source.path, error)
        errors = tuple(
            ErrorReport(
                source.path, f"{crash.rule} failed and was left out: {crash.message}; this is a bug in the rule"
            )
            for crash in checked.crashes
        )
        report = describe_file(checked)
        checked.build.release()
        return FileResult(source.path, report, checked.findings, errors, crashed=bool(errors))

    def lint_file(self, path: str) -> FileResult:
        """Reads and lints a file; one that cannot be read gives an error. Raises ConfigError."""
        try:
            source = read_source(path)
        except ReadError as error:
            return FileResult(path, None, (), (ErrorReport(path, str(error)),))
        return self.lint(source)

    def lint_files(self, paths: Sequence[str], *, processes: int | None = None) -> Iterator[FileResult]:
        """Lints files in order, in several processes when there are many. Raises ConfigError."""
        count = processes or min(available_processors(), len(paths) // (PARALLEL_FROM // 2))
        if count < 2:
            return map(self.lint_file, paths)
        from mllint.parallel import ordered_map

        return ordered_map(self.lint_file, paths, count)


def lint_text(
    text: str, path: str = "Dockerfile", *, configuration: Configuration | None = None
) -> tuple[Finding, ...]:
    """The findings for a text; `path` names it and says where its settings are looked for.

    Suppressed findings are there too, marked. Raises ConfigError for settings that cannot be used.
    """
    return Linter(configuration or Configuration(), load_plugins()).lint(Source(path, text)).findings


def lint_path(path: str, *, configuration: Configuration | None = None) -> tuple[Finding, ...]:
    """The findings for a file. Raises ReadError for a file that cannot be read, ConfigError for its settings."""
    return Linter(configuration or Configuration(), load_plugins()).lint(read_source(path)).findings


def read_source(path: str) -> Source:
    """The text of a regular file. Raises ReadError."""
    try:
        with open(path, "rb", opener=_open_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ReadError("is not a regular file")
            data = read_bytes(file)
    except (OSError, ValueError) as error:
        raise ReadError(_reason(error)) from None
    return decode(path, data)


def read_bytes(file: IO[bytes] | None) -> bytes:
    """The bytes of an open file, or enough of them to see that there are too many. Raises ReadError."""
    if file is None:
        raise ReadError("the standard input is closed")
    try:
        return file.read(MAX_FILE_SIZE + 1)
    except OSError as error:
        raise ReadError(_reason(error)) from None


def _reason(error: OSError | ValueError) -> str:
    """Why a file cannot be read, without its path and the number of the error."""
    reason = getattr(error, "strerror", None) or str(error)
    return reason[:1].lower() + reason[1:]


def _open_without_waiting(path: str, flags: int) -> int:
    """A FIFO without a writer would otherwise block for ever."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def decode(path: str, data: bytes) -> Source:
    """The text of a file's bytes. Raises ReadError for what is no UTF-8 text, or too long for a Dockerfile."""
    if len(data) > MAX_FILE_SIZE:
        raise ReadError(f"has more than {MAX_FILE_SIZE // 1024**2} MB: not a Dockerfile")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise ReadError("is UTF-16; Docker reads UTF-8, so save it as that")
    nul = data.find(b"\0")
    if nul >= 0:
        raise ReadError(
            f"has a NUL byte in line {data.count(bytes([10]), 0, nul) + 1}: a binary file, not a Dockerfile"
        )
    try:
        return Source(path, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ReadError(f"is not UTF-8: byte 0x{data[error.start]:02x} in line {line}") from None


def build_options(settings: Settings) -> BuildOptions:
    """What the settings say about a build."""
    return BuildOptions(
        dict(settings.build_args), settings.target, settings.role, settings.driver, settings.gpu, settings.context
    )


def failed(path: str, error: Exception) -> FileResult:
    """What is said of a file on which mllint itself failed; with MLLINT_TRACEBACK set, it is raised instead."""
    if os.environ.get("MLLINT_TRACEBACK"):
        raise error
    message = f"mllint failed on this file: {describe(error)}; this is a bug in mllint"
    return FileResult(path, None, (), (ErrorReport(path, message),), crashed=True)


def describe_file(checked: Checked) -> FileReport:
    """A linted file as reports show it."""
    build = checked.build
    role = build.final.role.value if build.final is not None else Role.UNKNOWN
    written = (stage for stage in build.stages if stage.opening.span.text)
    return FileReport(build.dockerfile.source.path, role.value, tuple(map(_describe_stage, written)))


def _describe_stage(stage: Stage) -> StageReport:
    base = str(stage.image) if stage.image is not None else stage.base_name or None
    return StageReport(stage.name, stage.index, base, stage.opening.line, stage.is_final)


def available_processors() -> int:
    """How many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def merge(results: Iterable[FileResult]) -> tuple[tuple[FileReport, ...], tuple[Finding, ...], tuple[ErrorReport, ...]]:
    """The files, findings and errors of many results, in order.

    A requirements file that several Dockerfiles install from has its findings once: reported if one of them reports it.
    """
    files: list[FileReport] = []
    findings: list[Finding] = []
    errors: list[ErrorReport] = []
    shared: dict[tuple[str, str, int, int, str], int] = {}
    for result in results:
        if result.report is not None:
            files.append(result.report)
        for finding in result.findings:
            span = finding.span
            if span.source.path == result.path:
                findings.append(finding)
                continue
            place = (finding.rule, span.source.path, span.start, span.end, finding.message)
            at = shared.setdefault(place, len(findings))
            if at == len(findings):
                findings.append(finding)
            elif finding.suppressed is None:
                findings[at] = finding
        errors.extend(result.errors)
    return tuple(files), tuple(findings), tuple(errors)
