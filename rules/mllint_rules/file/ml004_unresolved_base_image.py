"""ML004 unresolved-base-image."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mllint.api import (
    Arg,
    Finding,
    Origin,
    Related,
    Rule,
    Severity,
    Span,
    Stage,
    Text,
    Variable,
    is_placeholder,
    parse_reference,
    regex,
)

_VARIABLE = regex(r"\$(?:(?P<bare>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)\})")
#: What stands for "give me a value" in an ARG, and those of the words that are told from others inside a tag, too.
_UNSET = regex(r"notset|not[-_]set|unset|none|xxx+", re.IGNORECASE)
_UNSET_PART = regex(r"(?:^|[-_.])(notset|not[-_]set|unset)(?:$|[-_.])", re.IGNORECASE)


class UnresolvedBaseImage(Rule):
    """A FROM that cannot be resolved from the file: a variable without a value, or a placeholder.

    ## Why is this bad?
    `docker build .` stops at once: the name is empty, no reference at all, or one that no registry has (`notset`). Who
    builds has to know which `--build-arg` the file needs and which values work, and a tool that reads the file (a
    linter, a scanner, an updater) cannot tell what the image stands on.

    ## Bad
    ```dockerfile
    ARG CUDA_IMAGE
    FROM ${CUDA_IMAGE}
    USER 1000
    ```

    ## Good
    ```dockerfile
    ARG CUDA_IMAGE=nvidia/cuda:12.4.1-runtime-ubuntu22.04
    FROM ${CUDA_IMAGE}
    USER 1000
    ```

    ## When it stays silent
    Where the value is given, by `--build-arg` or by `build-args` in the configuration, for the platform arguments that
    BuildKit sets itself, for an ARG that an earlier FROM was reported for, and where the rest names an image too
    (`FROM ${REGISTRY}python:3.12` with an empty REGISTRY).

    ## References
    - [Understand how ARG and FROM interact](https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact)
    """

    id = "ML004"
    name = "unresolved-base-image"
    aliases = ("UndefinedArgInFrom", "InvalidDefaultArgInFrom")

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        image = stage.opening.image
        if image is None or stage.parent is not None or _works_when_empty(stage):
            return
        for match in _VARIABLE.finditer(image.value):
            finding = self._variable(stage, match["bare"] or match["braced"], image.at(*match.span()))
            if finding is not None:
                yield finding
                return
        name = stage.base_name
        if name is not None and not stage.is_scratch and parse_reference(name) is None:
            yield self._invalid(image, name)
        elif name is not None and is_placeholder(name):
            yield self.finding(
                image.span, f"`{name}` is a placeholder: no registry has such an image, the build stops here."
            )

    def _variable(self, stage: Stage, name: str, span: Span) -> Finding | None:
        declared = stage.build.global_argument(name)
        if declared is not None and declared.value is not None:
            return self._placeholder(stage, name, declared, span)
        if declared is not None and declared.span is None:
            return None
        if declared is None or declared.span is None:
            if stage.build.global_lookup(name) is None:
                return None
            later = _declared_later(stage, name)
            if later is not None:
                where = "below" if later.start > span.start else "inside a stage"
                message = f"`{name}` is declared only {where}, so it is empty here: move the ARG above the first FROM."
                return self.finding(span, message, related=(Related(later, "declared here"),))
            return self.finding(
                span, f"`{name}` is declared by no ARG above the first FROM, so it is always empty here."
            )
        if _has_value(declared.span):
            return None
        if _seen_before(stage, span):
            return None
        rest = _without_variables(stage)
        left = f"`{rest}` names no image" if rest else "the image's name is empty"
        message = (
            f"`{name}` has no default: a build without `--build-arg {name}=…` stops here, for {left}. "
            f"Give the ARG a default that works."
        )
        return self.finding(span, message, related=(Related(declared.span, "declared without a default"),))

    def _placeholder(self, stage: Stage, name: str, declared: Variable, span: Span) -> Finding | None:
        """`ARG CUDA_VER=notset`, and a tag made of it."""
        word, image = _unset_word(declared.value or ""), stage.base_name or ""
        if word is None or declared.origin is Origin.OPTION or declared.span is None or _unset_word(image) is None:
            return None
        if _seen_before(stage, span):
            return None
        message = (
            f"`{name}` is `{declared.value}` unless the build gives it: no registry has `{image}`, and a build without "
            f"`--build-arg {name}=…` stops here. Give the ARG a default that works."
        )
        return self.finding(span, message, related=(Related(declared.span, f"`{word}` is set here"),))

    def _invalid(self, image: Text, name: str) -> Finding:
        span, shown = image.span, name or "an empty name"
        tagged, _, digest = name.partition("@")
        if digest and parse_reference(tagged) is not None:
            place = image.at(len(image.value) - len(digest), len(image.value)) if image.value == name else span
            message = f"`{digest}` is no digest, which is `sha256:` and 64 hexadecimal digits: the build stops here."
            return self.finding(place, message)
        if "{{" in name:
            return self.finding(span, f"`{shown}` is a template's placeholder: the build stops unless it is filled in.")
        if is_placeholder(name):
            return self.finding(span, f"`{shown}` is a placeholder, not an image: the build stops here.")
        hint = " Repository names are lower case." if name != name.lower() and parse_reference(name.lower()) else ""
        return self.finding(
            span, f"`{shown}` is not a valid image reference: the build stops here.{hint}", severity=Severity.WARNING
        )


def _unset_word(text: str) -> str | None:
    """The word for "no value" that is a whole text or its tag, or a part of the tag; None where there is none."""
    _, colon, tag = text.rpartition(":")
    part = _UNSET_PART.search(tag) if colon and "/" not in tag else None
    if part is not None:
        return part[1]
    return tag if _UNSET.fullmatch(tag) else None


def _works_when_empty(stage: Stage) -> bool:
    """`FROM ${REGISTRY}python:3.12`: an image is left when the variables are empty."""
    rest = _without_variables(stage)
    return rest != "" and "$" not in rest and stage.base_name is None and parse_reference(rest) is not None


def _seen_before(stage: Stage, span: Span) -> bool:
    """Whether an earlier FROM uses the same variable; once is enough."""
    earlier = stage.build.stages[: stage.index]
    return any(
        each.opening.image is not None and span.text in each.opening.image.value and not _works_when_empty(each)
        for each in earlier
    )


def _without_variables(stage: Stage) -> str:
    image = stage.opening.image
    return _VARIABLE.sub("", image.value) if image is not None else ""


def _declared_later(stage: Stage, name: str) -> Span | None:
    """Where an ARG inside a stage declares the name, too late or not at all for FROM."""
    for each in stage.build.stages:
        for instruction in each.body:
            if isinstance(instruction, Arg):
                for pair in instruction.pairs:
                    if pair.key.value == name:
                        return pair.span
    return None


def _has_value(declaration: Span) -> bool:
    """Whether an ARG has a default, known or not."""
    return "=" in declaration.text
