"""ML408 unverified-download."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mllint.api import Command, Copy, Finding, Rule, Run, Span, Stage, Word, regex

_RUNNERS = regex(r"(ba|da|a|z|k)?sh|python[\d.]*|perl|ruby|node")
#: What compares a file with a sum or a signature; `gpg` does with `--verify` alone.
_CHECKERS = regex(r"(sha\d*|md5|b2|b3)sum|shasum|gpgv|cosign|minisign|openssl|rhash")
#: Spellings of "do not check the certificate".
_UNCHECKED = {"wget": r"--no-check-certificate", "curl": r"--insecure|-[a-zA-Z]*k[a-zA-Z]*"}
#: pip's and uv's option that takes the check of a host's certificate away, and the name of pip's setting.
_TRUSTING = regex(r"--trusted-host|--allow-insecure-host|(global|install|download)\.trusted-host")
#: Options of curl whose value may be written against them, so that a `k` there is no flag.
_CURL_VALUE = regex(r"-[a-zA-Z]*[oHudXAbceFwKrCzTEm]")
#: Hosts of this machine or of a company's own network, where a name says so.
_PRIVATE = regex(r"localhost|[^.]+|[\d.]+|\[.*|.*\.(local|localdomain|internal|intern|lan|corp|home|test)")
#: What ADD may fetch without harm: nothing runs or unpickles it.
_HARMLESS = (".ttf", ".otf", ".txt", ".md", ".json", ".png", ".jpg", ".jpeg", ".html", ".css", ".wav", ".mp3", ".mp4")
#: The keys of a package source, by themselves or as its package: what they sign is checked from then on.
_KEYRING = regex(r"(?i)[\w.-]*keyring[\w.-]*\.(?:deb|gpg|asc)|[\w.-]+\.(?:gpg|asc)")
#: What to write in place of well-known installers, by a part of their address.
_INSTEAD = (
    (r"astral\.sh/uv", "Take the program from its image: `COPY --from=ghcr.io/astral-sh/uv:<version> /uv /uvx /bin/`"),
    (
        r"sh\.rustup\.rs|static\.rust-lang\.org",
        "Build in a stage `FROM rust:<version>`, or fetch the `rustup-init` of a version and its `.sha256`",
    ),
    (
        r"nodesource\.com",
        "Copy Node.js from its image (`COPY --from=node:<version>-slim /usr/local /usr/local`)",
    ),
    (
        r"ollama\.(com|ai)/install",
        "Start from `ollama/ollama:<version>`, or fetch the archive of a release and check its sum",
    ),
    (r"install\.python-poetry\.org", "Write `pip install poetry==<version>`"),
    (r"pixi\.sh", "Take the program from its image, `ghcr.io/prefix-dev/pixi:<version>`"),
    (
        r"get\.docker\.com",
        "Copy the client from its image: `COPY --from=docker:<version>-cli /usr/local/bin/docker /usr/local/bin/`",
    ),
    (r"get-pip\.py", "Use the image's own pip, `python -m ensurepip`, or the distribution's `python3-pip`"),
    (
        r"(?i)(mini|ana)conda|miniforge|mambaforge",
        "Fetch the installer of a version and check it: `echo '<sum>  file' | sha256sum -c -`",
    ),
)
_DEFAULT = "Fetch a version into a file, check it (`echo '<sum>  file' | sha256sum -c -`) and run that"
_CHECKED = "Compare its sum before it runs: `echo '<sum>  file' | sha256sum -c -`"
#: Addresses of one release, by its number or by a variable that has it.
_RELEASE = regex(r"(?i)(releases/download|releases|download|archive|tags)/.*(\d+\.\d+|\$\{?\w*VERSION)")
#: Ubuntu's mirrors of these names answer by plain http alone.
_NO_TLS = regex(r"(?i)([\w-]+\.)?(archive|security|ports)\.ubuntu\.com(:\d+)?")


class UnverifiedDownload(Rule):
    """Something is fetched and used that nothing compares with what it should be.

    ## Why is this bad?
    `curl … | bash` runs what the server sends on the day of the build, with the build's rights: a new release that
    breaks yours, a domain that changed hands, or a script that somebody replaced. The image does not record
    what ran. A connection whose certificate is not checked (`curl -k`, pip's `--trusted-host`), or plain `http`, lets
    everybody on the way choose the bytes. A half-finished transfer is run as well, as far as it came.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    ADD https://models.example/install.sh /install.sh
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    ARG SUM=sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    ADD --checksum=${SUM} https://models.example/install.sh /install.sh
    USER 1000
    ```

    ## When it stays silent
    Where the same RUN compares a sum or a signature (`sha256sum -c`, `shasum`, `gpg --verify`, `cosign`), for ADD
    with `--checksum`, for the keys of package repositories (`curl … | gpg --dearmor`, `cuda-keyring_1.1-1_all.deb`:
    TLS protects the key, and the key the packages), for pip's `--trusted-host` with hashes, for hosts of a private
    network, for fonts, pictures and text, and for files that come by TLS and are only unpacked.

    ## References
    - [Dockerfile reference, ADD --checksum](https://docs.docker.com/reference/dockerfile/#add---checksum)
    - [uv in Docker](https://docs.astral.sh/uv/guides/integration/docker/)
    """

    id = "ML408"
    name = "unverified-download"
    security_severity = "6.5"
    tags = ("security",)

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        told: dict[str, int] = {}
        trusted: dict[str, Run] = {}
        for instruction in stage.body:
            if isinstance(instruction, Copy) and instruction.keyword == "ADD":
                yield from self._added(instruction, stage, told)
        for run in stage.runs:
            commands = stage.script(run).commands
            if stage.build.mentions("trusted-host", "insecure-host"):
                yield from self._trusted(run, stage, trusted)
            if not any(_is_check(command) for command in commands):
                yield from (self.finding(each.span, each.message) for each in _doubtful(commands))

    def _added(self, instruction: Copy, stage: Stage, told: dict[str, int]) -> Iterator[Finding]:
        """`told`: host → the line of the first ADD from there, which says it all."""
        if instruction.flag("checksum") is not None:
            return
        for source in instruction.sources:
            url = stage.expand(source, instruction) or source.value
            path = re.split(r"[?#]", url)[0]
            if not re.match(r"https?://", url) or _is_private(url) or path.lower().endswith((*_HARMLESS, ".git")):
                continue
            name = posixpath.basename(path.rstrip("/")) or _host(url)
            if _KEYRING.fullmatch(name):
                continue
            known = _instead(url)
            remedy = f"{known}, or give its sum" if known else "Give its sum"
            first = told.setdefault(_host(url), instruction.span.first.line)
            if first != instruction.span.first.line and not known:
                message = f"Nothing compares `{name}` with what it should be either (see line {first}). Give its sum."
            else:
                message = (
                    f"Nothing compares `{name}` with what it should be: what `{_host(url)}` sends on the day of the "
                    f"build goes into the image. {remedy}: `ADD --checksum=sha256:<sum> …` stops the build when the "
                    "file has changed."
                )
            yield self.finding(source.span, message)

    def _trusted(self, run: Run, stage: Stage, told: dict[str, Run]) -> Iterator[Finding]:
        """Once for a host in a RUN. `told`: host → the first RUN that trusts it, where all is said."""
        here: set[str] = set()
        for command in stage.script(run).commands:
            found = _trusted_host(command)
            if found is None or found.host in here:
                continue
            here.add(found.host)
            first = told.setdefault(found.host, run)
            message = _trust_message(found.host) if first is run else _trusted_again(found.host, first)
            yield self.finding(found.span, message)


class _Trusted(NamedTuple):
    span: Span
    host: str


class _Doubtful(NamedTuple):
    span: Span
    message: str


def _is_check(command: Command) -> bool:
    name = command.name or ""
    return _CHECKERS.fullmatch(name) is not None or (name == "gpg" and "--verify" in command.values())


def _doubtful(commands: Sequence[Command]) -> Iterator[_Doubtful]:
    """The fetches of a RUN that are run as they come, or that anybody on the way may change."""
    for at, command in enumerate(commands):
        urls = [each for each in _fetched(command) if not _is_private(each[0].value or each[0].raw)]
        if not urls:
            continue
        word, target = urls[0]
        runner = _runner(at, commands, target)
        if runner is not None:
            yield _Doubtful(word.span, _run_message(word, runner))
        elif (flag := _unchecked(command)) is not None:
            yield _Doubtful(flag.span, _flag_message(word, flag))
        elif re.match(r"http://", word.value or word.raw) and target is not None and not _is_data(word):
            yield _Doubtful(word.span, _plain_message(word))


def _trusted_host(command: Command) -> _Trusted | None:
    """A package index whose certificate pip does not look at: by an option, or by `pip config set`."""
    words = command.arguments
    for at, word in enumerate(words):
        name, equals, host = (word.value or "").partition("=")
        if not _TRUSTING.fullmatch(name) or "--require-hashes" in command.values():
            continue
        behind = words[at + 1] if at + 1 < len(words) else None
        if not equals:
            host = (behind.value or behind.raw) if behind is not None else ""
        named = next((each for each in host.split() if not _is_private(each)), None)
        if named is not None:
            span = word.span if equals or behind is None else word.span.to(behind.span)
            return _Trusted(span, _host(named))
    return None


def _fetched(command: Command) -> tuple[tuple[Word, str | None], ...]:
    if command.name not in _UNCHECKED:
        return ()
    from mllint.api import fetched_files

    return fetched_files(command)


def _runner(at: int, commands: Sequence[Command], target: str | None) -> str | None:
    """What runs the fetched text: a shell behind the pipe or around the command, or a later command by its file."""
    command, later = commands[at], commands[at + 1 :]
    if target is None or target == "-":
        if later and later[0].operator == "|" and later[0].subshell == command.subshell:
            return _shell_name(later[0])
        around = next((each for each in reversed(commands[:at]) if each.subshell < command.subshell), None)
        return _around(around) if around is not None else None
    name = posixpath.basename(target)
    for each in later:
        words = [posixpath.basename(word.value or "") for word in each.words]
        if words[:1] == [name]:
            return f"./{name}"
        if _shell_name(each) is not None and name == next((word for word in words[1:] if word[:1] not in "-+"), ""):
            return each.name
    return None


def _shell_name(command: Command) -> str | None:
    """The interpreter that reads a script, not a command of its own (`python -c "…"` reads data)."""
    name = command.name or ""
    if _RUNNERS.fullmatch(name) is None or command.python is not None:
        return None
    return None if any(value in ("-c", "-m", "-e") for value in command.values()) else name


def _around(command: Command) -> str | None:
    """`bash <(curl …)`, `sh -c "$(curl …)"`, `eval "$(curl …)"`."""
    first = command.words[0].raw if command.words else ""
    if (
        first.lstrip('"').startswith(("$(curl", "$(wget"))
        and command.wrappers[-1:]
        and command.wrappers[-1].endswith("-c")
    ):
        return command.wrappers[-1].partition(" ")[0]
    inside = any(
        word.raw.lstrip('"').startswith(("<(curl", "<(wget", "$(curl", "$(wget")) for word in command.arguments[:1]
    )
    name = command.name or ""
    return name if inside and (_RUNNERS.fullmatch(name) or name in ("eval", "source", ".")) else None


def _unchecked(command: Command) -> Word | None:
    """The option that switches the check of the certificate off."""
    for word in command.arguments:
        text = word.value or ""
        if re.fullmatch(_UNCHECKED[command.name or ""], text) and not (
            command.name == "curl" and _CURL_VALUE.match(text.partition("k")[0])
        ):
            return word
    return None


def _run_message(word: Word, runner: str) -> str:
    url = word.value or word.raw
    if _RELEASE.search(url):
        known = _instead(url)
        remedy = known if known is not None and "installer of a version" not in known else _CHECKED
        return (
            f"`{runner}` runs what `{_host(url)}` sends on the day of the build, and nothing compares it with the "
            f"release that its address names: a broken or a replaced file goes into the image unseen. {remedy}."
        )
    return (
        f"`{runner}` runs whatever `{_host(url)}` sends on the day of the build, and nothing checks or records it: "
        f"another release, a broken or a replaced script goes into the image unseen. {_instead(url) or _DEFAULT}."
    )


def _instead(url: str) -> str | None:
    """What to write in place of a well-known installer."""
    return next((text for part, text in _INSTEAD if re.search(part, url)), None)


def _flag_message(word: Word, flag: Word) -> str:
    return (
        f"With `{flag.raw}` nothing proves that the answer comes from `{_host(word.value or word.raw)}`: whoever is on "
        "the way (a proxy, a hijacked name) chooses what goes into the image. Install `ca-certificates`, or your own "
        "company's certificate, and take the option out, or compare the file's sum in the same RUN."
    )


def _trust_message(host: str) -> str:
    return (
        f"pip does not check the certificate of `{host}` and takes plain `http` from it too: whoever is on the "
        "way (a proxy, a hijacked name) chooses the packages, and their code runs while they are installed. Give pip "
        "the certificate that is missing (`--cert`, `PIP_CERT`), or hashes (`--require-hashes`)."
    )


def _trusted_again(host: str, first: Run) -> str:
    return f"pip takes packages from `{host}` unchecked here, too (see line {first.line})."


def _plain_message(word: Word) -> str:
    host = _host(word.value or word.raw)
    remedy = "Compare" if _NO_TLS.fullmatch(host) else "Write `https`, or compare"
    return (
        f"`{host}` is asked by plain `http`: whoever is on the way chooses what goes into the image. {remedy} the "
        "file's sum in the same RUN (`sha256sum -c`)."
    )


def _is_data(word: Word) -> bool:
    return re.split(r"[?#]", word.value or word.raw)[0].lower().endswith((*_HARMLESS, ".csv"))


def _host(url: str) -> str:
    """The host, without a user's name and password."""
    return re.sub(r"^[a-z]+://", "", url.strip("\"'")).partition("/")[0].rpartition("@")[2]


def _is_private(url: str) -> bool:
    """Whether the host is this machine or one of a private network; also when it is a variable, which says nothing."""
    host = _host(url).partition(":")[0]
    return "$" in host or _PRIVATE.fullmatch(host) is not None
