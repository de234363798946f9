"""ML608 archive-kept."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Applicability,
    Build,
    Deposit,
    DepositKind,
    Finding,
    Fix,
    Related,
    Rule,
    Run,
    appended,
    deposits,
    weights,
)


class ArchiveKept(Rule):
    """An archive or installer that was unpacked, installed or run stays in the layer that brought it.

    ## Why is this bad?
    What was in the archive is in the image now, and the archive lies beside it for good: 130 MB for Miniconda's
    installer, 3 to 4 GB for a runfile of CUDA. Every push and pull moves it, every node stores it, and nothing in a
    container reads it again.

    ## Bad
    ```dockerfile
    FROM debian:12.11-slim
    COPY toolchain.tar.gz /tmp/
    RUN tar -xzf /tmp/toolchain.tar.gz -C /opt
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM debian:12.11-slim
    RUN --mount=type=bind,source=toolchain.tar.gz,target=/tmp/toolchain.tar.gz \\
        tar -xzf /tmp/toolchain.tar.gz -C /opt
    USER 1000
    ```

    ## When it stays silent
    Where the archive is removed in the same RUN, or in a later one, which `removal-in-later-layer` (ML606) reports;
    where it is piped (`curl … | tar xz`), unpacked by ADD or lies on a mount; in stages that the final image only
    copies from; for files that nothing here unpacks, which the application may need; for less than 1 MB, such as a
    package that holds a repository's key; and where a script or something unknown may remove it.

    ## Fix safety
    The fix appends the removal to the RUN that downloads and unpacks. It is unsafe: a later instruction may read the
    archive again.

    ## References
    - [Dockerfile best practices](https://docs.docker.com/build/building/best-practices/)
    - [RUN --mount](https://docs.docker.com/reference/dockerfile/#run---mount)
    """

    id = "ML608"
    name = "archive-kept"
    aliases = ("DL3010",)
    tags = ("size",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        skipped = build.builders
        for deposit in deposits(build).kept:
            if deposit.stage not in skipped and _is_left(deposit):
                yield self._finding(deposit)._replace(stage=deposit.stage.label)

    def _finding(self, deposit: Deposit) -> Finding:
        use = deposit.uses[-1]
        own = deposit.instruction.span.covers(use.span)
        exact = "" if deposit.kind is DepositKind.COPY else "about "
        size = f" ({exact}{weights.readable_size(deposit.size)})" if deposit.size else ""
        message = (
            f"`{_name(deposit)}`{size} stays in the image, though nothing needs it behind the `{use.name}` "
            f"{'here' if own else f'on line {use.span.first.line}'}: every pull moves it. {_remedy(deposit, own=own)}."
        )
        related = () if own else (Related(use.span, "used here"),)
        return self.finding(deposit.span, message, related=related, fix=_fix(deposit) if own else None)


def _is_left(deposit: Deposit) -> bool:
    if not deposit.uses or deposit.is_small or not deposit.is_archive:
        return False
    if deposit.kind is DepositKind.COPY:
        # ADD unpacks tar archives by itself. A project's own wheel is small.
        own_wheel = deposit.path.endswith(".whl") and deposit.size is None
        return deposit.instruction.keyword == "COPY" and not own_wheel
    return deposit.kind is DepositKind.DOWNLOAD


def _name(deposit: Deposit) -> str:
    return deposit.path.rpartition("/")[2]


def _remedy(deposit: Deposit, *, own: bool) -> str:
    if deposit.kind is DepositKind.COPY:
        origin = "source=…" if deposit.source is not None else "from=…"
        tar = deposit.source is not None and ".t" in _name(deposit)
        also = ", or let `ADD` unpack it" if tar else ""
        return f"Use it from a mount, `RUN --mount=type=bind,{origin},target=…`{also}"
    if own:
        return f"End this RUN with `&& rm {_name(deposit)}`"
    return "Download, use and remove it in one RUN"


def _fix(deposit: Deposit) -> Fix | None:
    """Appends the removal by an absolute path, which holds wherever the RUN has gone to."""
    path = deposit.path
    if not isinstance(deposit.instruction, Run) or not path.startswith("/") or any(each in path for each in "?$* "):
        return None
    edit = appended(deposit.instruction, deposit.stage, f"rm {path}")
    return Fix(f"Append `rm {path}`", (edit,), Applicability.UNSAFE) if edit is not None else None
