"""ML606 removal-in-later-layer."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from mllint.api import (
    Build,
    DepositKind,
    Finding,
    Related,
    Removal,
    Rule,
    Run,
    deposits,
    is_whole,
    weights,
)

#: A part of a folder that is smaller, in bytes, is not worth a word.
_LEAST = 1_000_000


class RemovalInLaterLayer(Rule):
    """A RUN removes what an earlier instruction put into its layer: the bytes stay in the image.

    ## Why is this bad?
    Each instruction makes a layer of its own, and an image is all of its layers. A removal in a later RUN only marks
    the files as gone: nobody sees them in a container, but every push, pull and node still moves and stores them, and
    whoever unpacks the layers can read them. The cleaning saves nothing and the build takes longer.

    ## Bad
    ```dockerfile
    FROM debian:12.11-slim
    ADD --checksum=sha256:0000000000000000000000000000000000000000000000000000000000000000 \\
        https://repo.example.com/Miniforge3-25.3.0-Linux-x86_64.sh /tmp/
    RUN bash /tmp/Miniforge3-25.3.0-Linux-x86_64.sh -b -p /opt/conda
    RUN rm /tmp/Miniforge3-25.3.0-Linux-x86_64.sh
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM debian:12.11-slim
    RUN --mount=type=bind,source=Miniforge3-25.3.0-Linux-x86_64.sh,target=/tmp/install.sh \\
        bash /tmp/install.sh -b -p /opt/conda
    USER 1000
    ```

    ## When it stays silent
    For what is known to have less than 1 MB, and for text files, keys and scripts, which are small; in stages that the
    final image only copies from; where the removal may not run, or only the shell knows what it removes; for a RUN
    that cleans up after itself and meets what an earlier one left (`apt-lists-kept`, ML602, speaks about that one); and
    for the caches of pip and conda, which `pip-cache-kept` (ML205) and `conda-cache-kept` (ML206) report.

    ## References
    - [Dockerfile best practices](https://docs.docker.com/build/building/best-practices/)
    - [RUN --mount](https://docs.docker.com/reference/dockerfile/#run---mount)
    """

    id = "ML606"
    name = "removal-in-later-layer"
    tags = ("size",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        skipped = build.builders
        found = [
            each
            for each in deposits(build).removals
            if each.stage not in skipped and each.deposit.stage not in skipped and _is_worth(each)
        ]
        for _, same in groupby(found, key=lambda each: id(each.command)):
            removals = list(same)
            finding = self.finding(
                removals[0].command.span,
                _message(removals),
                related=tuple(Related(each.deposit.span, f"{_kind(each)} here") for each in removals[:3]),
            )
            yield finding._replace(stage=removals[0].stage.label)


def _is_worth(removal: Removal) -> bool:
    deposit = removal.deposit
    if removal.part is not None:
        return removal.size is None or removal.size >= _LEAST
    if deposit.size is None and deposit.kind is DepositKind.COPY and deposit.path.endswith("-none-any.whl"):
        # A project's own wheel, of Python alone.
        return False
    if deposit.size is None and deposit.source is not None:
        # Of what the context does not show only this is sure to be large.
        return is_whole(deposit.source) or deposit.is_archive or weights.file_verdict(deposit.source) is not None
    return not deposit.is_small


def _kind(removal: Removal) -> str:
    return "fetched" if removal.deposit.kind is DepositKind.INDEX else removal.deposit.kind.value


def _message(removals: list[Removal]) -> str:
    first = removals[0]
    deposit = first.deposit
    sizes = [each.size for each in removals if each.size is not None]
    exact = all(each.deposit.kind is DepositKind.COPY for each in removals) and len(sizes) == len(removals)
    unpacked = " unpacked" if deposit.kind is DepositKind.PACKAGE else ""
    amount = f" ({'' if exact else 'about '}{weights.readable_size(sum(sizes))}{unpacked})" if sizes else ""
    what = f"`{first.part[0]}`" if first.part is not None else _label(removals)
    keyword, line = deposit.instruction.keyword, deposit.instruction.line
    return (
        f"This frees nothing: {what}{amount} {_verb(removals)} in the layer of the {keyword} on line {line}, which "
        f"every pull moves. {_remedy(first)}."
    )


def _label(removals: list[Removal]) -> str:
    names = list(dict.fromkeys(each.deposit.label for each in removals))
    if removals[0].deposit.kind is DepositKind.INDEX:
        return names[0]
    rest = f" and {len(names) - 2} more" if len(names) > 3 else ""
    shown = names[:2] if rest else names
    return ", ".join(f"`{name}`" for name in shown) + rest


def _verb(removals: list[Removal]) -> str:
    plural = len({each.deposit.label for each in removals}) > 1 or removals[0].deposit.label.endswith("lists")
    return "stay" if plural else "stays"


def _remedy(removal: Removal) -> str:
    deposit = removal.deposit
    kind = deposit.kind
    if removal.part is not None and kind is DepositKind.COPY:
        return "Leave it out by `.dockerignore` or `--exclude`, or copy only what is needed"
    if kind is DepositKind.PACKAGE:
        return "Install, build and remove in one RUN, or build in another stage and copy the result"
    if isinstance(deposit.instruction, Run):
        what = "them" if _verb([removal]) == "stay" else "it"
        return f"Remove {what} at the end of the RUN on line {deposit.instruction.line}"
    if kind is DepositKind.DOWNLOAD:
        return "Download, use and remove it in one RUN"
    if removal.deposit.source is None:
        return "Use it from a mount instead: `RUN --mount=type=bind,from=…`"
    return "Use it from a mount instead of a COPY: `RUN --mount=type=bind,source=…,target=…`"
