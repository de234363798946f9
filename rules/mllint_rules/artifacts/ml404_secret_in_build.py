"""ML404 secret-in-build."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from mllint.api import (
    USER_PASSWORD,
    Arg,
    Build,
    Confidence,
    Env,
    Finding,
    Instruction,
    Label,
    Onbuild,
    Pair,
    Related,
    Rule,
    Secret,
    Severity,
    Span,
    Stage,
    Strength,
    Text,
    assignments_in,
    command_secrets,
    is_secret_name,
    regex,
    secrets_in,
    value_strength,
)

#: How a value is read back, by the instruction that holds it.
_EXPOSED = {
    "ENV": "in the image's configuration, where `docker inspect` shows it to everyone who can pull the image",
    "LABEL": "in the image's labels, where `docker inspect` shows it to everyone who can pull the image",
    "ARG": "as a default in the image's history, where `docker history` shows it to everyone who can pull the image",
    "COPY": "in a file of the image",
    "ADD": "in a file of the image",
}
_OTHERWISE = "in the image's history, where `docker history` shows it to everyone who can pull the image"
#: A login with nothing between it and what follows that would end the command.
_LOGIN = regex(r"\blogin\b[^;&|]*\Z")
_VARIABLE = regex(r"\$(?:(\w+)|\{(\w+)[^}]*\})")


class SecretInBuild(Rule):
    """A secret is written in the Dockerfile, or passed through a build argument or ENV, where the image keeps it.

    ## Why is this bad?
    Layers, configuration and history of an image are public to all who can pull it: `docker inspect` prints ENV and
    labels, `docker history --no-trunc` prints build arguments and RUN lines, and a file removed in a later layer is
    still in the earlier one. A token in the Dockerfile itself is in the repository as well, for good. Tokens of model
    hubs and trackers often reach private weights, datasets and paid endpoints.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    ARG HF_TOKEN
    RUN python fetch_data.py --hub-token "$HF_TOKEN"
    USER 1000
    ```

    ## Good
    ```dockerfile
    # syntax=docker/dockerfile:1
    # docker build --secret id=hf_token,env=HF_TOKEN .
    FROM python:3.12.7-slim
    RUN --mount=type=secret,id=hf_token,env=HF_TOKEN python fetch_data.py
    USER 1000
    ```

    ## When it stays silent
    For empty values, placeholders (`changeme`, `<your-token>`, `xxx`, `dummy`), paths (`*_FILE`, `/run/secrets/…`),
    switches, key ids and public keys, tokens of a text (`PAD_TOKEN`, `MAX_TOKENS`), and for variables that come from
    `--mount=type=secret`. Passwords that everyone tries first are warnings; a secret build argument of a stage whose
    layers reach no image is only noted. Messages never repeat a secret, and reports blot it out in the lines that they
    show.

    ## References
    - [Build secrets](https://docs.docker.com/build/building/secrets/)
    - [Build check SecretsUsedInArgOrEnv](https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/)
    """

    id = "ML404"
    name = "secret-in-build"
    severity = Severity.ERROR
    aliases = (
        "SecretsUsedInArgOrEnv", "DL3064", "DS-0031", "AVD-DS-0031", "DF013", "DF014",
        "CKV_SECRET_2", "CKV_SECRET_4", "CKV_SECRET_6", "CKV_SECRET_13", "CKV_SECRET_14", "CKV_SECRET_19",
    )  # fmt: skip
    security_severity = "8.0"
    tags = ("security",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        first = build.stages[0].opening if build.stages else None
        for instruction in build.dockerfile.instructions:
            if instruction is first:
                break
            yield from self._written(instruction, None)

    def check_instruction(self, instruction: Instruction, stage: Stage) -> Iterator[Finding]:
        if isinstance(instruction, Onbuild):
            # Its inner instruction is given to this hook as well.
            return
        yield from self._written(instruction, stage)
        if isinstance(instruction, Env):
            yield from self._copied(instruction, stage)
        elif isinstance(instruction, Arg):
            yield from self._declared(instruction, stage)

    # A value that stands in the file

    def _written(self, instruction: Instruction, stage: Stage | None) -> Iterator[Finding]:
        found = _all_secrets(instruction, stage)
        end = -1
        for secret in sorted(found, key=lambda each: (each.span.start, -each.span.end)):
            if secret.span.start >= end:
                end = secret.span.end
                yield self._value(secret, instruction)

    def _value(self, secret: Secret, instruction: Instruction) -> Finding:
        strong = secret.strength is Strength.REAL
        return self.finding(
            secret.span,
            _value_message(secret, instruction),
            severity=Severity.ERROR if strong else Severity.WARNING,
            confidence=Confidence.HIGH if secret.sure else Confidence.MEDIUM,
            secret=True,
        )

    # A value that a build argument brings

    def _copied(self, instruction: Env, stage: Stage) -> Iterator[Finding]:
        for pair in instruction.pairs:
            source = _secret_argument(pair, instruction, stage)
            if source is not None and stage not in stage.build.builders:
                name = pair.key.value
                message = (
                    f"ENV keeps the build argument in the image's configuration: `docker inspect` shows `{name}` to "
                    f"everyone who can pull the image, and every process in the container inherits it. Give it at run "
                    f"time (`docker run -e {name}`), or to a single step with {_mount(name)}."
                )
                related = (Related(source, "the build argument"),)
                yield self.finding(pair.span, message, severity=Severity.WARNING, related=related)

    def _declared(self, instruction: Arg, stage: Stage) -> Iterator[Finding]:
        position = stage.position(instruction)
        for pair in instruction.pairs:
            name = pair.key.value
            if not is_secret_name(name) or _has_secret(pair):
                continue
            use = _first_use(name, position, stage)
            related = (Related(use, "used here"),) if use is not None else ()
            inner = stage in stage.build.builders
            if not inner and _is_copied(name, position, stage):
                # Said at that ENV.
                continue
            if inner:
                message = (
                    f"The value of `{name}` does not reach the image, as only files are copied from stage "
                    f"`{stage.label}`, but it stays in the build cache and in provenance attestations. Use "
                    f"{_mount(name)}."
                )
                yield self.finding(pair.key.span, message, severity=Severity.INFO, related=related)
                continue
            message = (
                f"`--build-arg {name}=…` stays readable: `docker history` shows the value to everyone who can pull the "
                f"image. Use {_mount(name)} instead."
            )
            yield self.finding(pair.key.span, message, severity=Severity.WARNING, related=related)


def _value_message(secret: Secret, instruction: Instruction) -> str:
    what = f"{secret.what[:1].upper()}{secret.what[1:]}"
    if secret.strength is Strength.DEFAULT:
        return (
            f"{what} is one that everyone tries first, and each container of this image starts with it. Leave it out, "
            f"and give it to the container at run time."
        )
    where = _EXPOSED.get(instruction.keyword, _OTHERWISE)
    if secret.what == USER_PASSWORD:
        return (
            f"{what} stands {where}: with it, whoever reaches the container by SSH, su or a shell becomes that user. "
            f"Create the user without a password; use keys for SSH, and USER instead of su."
        )
    name = _variable_of(secret, instruction)
    login = ", which needs no login" if secret.variable and _is_login(secret, instruction) else ""
    return (
        f"{what} stands {where}, and in the repository. Revoke it; give it to the container at run time "
        f"(`docker run -e {name}`{login}), or to a single step with {_mount(name)}."
    )


def _variable_of(secret: Secret, instruction: Instruction) -> str:
    """The variable that holds the secret, or that the tool reads; a made-up name where there is none."""
    if isinstance(instruction, (Env, Arg)):
        for pair in instruction.pairs:
            if pair.value is not None and pair.value.span.covers(secret.span):
                return pair.key.value
    return secret.variable or "API_TOKEN"


def _is_login(secret: Secret, instruction: Instruction) -> bool:
    """Whether the command logs in: `wandb login`, `hf auth login --token`, which write the secret into a file too."""
    before = instruction.span.source.text[instruction.span.start : secret.span.start]
    return _LOGIN.search(before) is not None


def _mount(name: str) -> str:
    """The secret mount that puts a variable into a single RUN."""
    return f"`RUN --mount=type=secret,id={name.lower()},env={name} …` (Dockerfile syntax 1.10 or newer)"


def _all_secrets(instruction: Instruction, stage: Stage | None) -> Iterator[Secret]:
    for text in _texts(instruction):
        yield from secrets_in(text)
    if instruction.keyword in ("COPY", "ADD"):
        for heredoc in instruction.heredocs:
            yield from assignments_in(heredoc.body)
    if isinstance(instruction, (Env, Arg, Label)):
        for pair in instruction.pairs:
            secret = _named(pair)
            if secret is not None:
                yield secret
    elif stage is not None and instruction.keyword in ("RUN", "CMD", "ENTRYPOINT"):
        yield from command_secrets(stage.script(instruction).commands)


def _named(pair: Pair) -> Secret | None:
    """The value of a variable that is named like a secret."""
    name = pair.key.value
    if pair.value is None or not is_secret_name(name):
        return None
    strength = value_strength(name, pair.value.value)
    if strength is None:
        return None
    return Secret(_unquoted(pair.value), f"the value of `{name}`", strength, strength is Strength.REAL)


def _unquoted(value: Text) -> Span:
    text = value.value
    quoted = len(text) >= 2 and text[0] in "\"'" and text[-1] == text[0]
    return value.at(1, len(text) - 1) if quoted else value.span


def _has_secret(pair: Pair) -> bool:
    """Whether the default itself is reported."""
    return _named(pair) is not None or (pair.value is not None and any(secrets_in(pair.value)))


def _names(text: str) -> set[str]:
    """The variables that a text refers to."""
    return {match[1] or match[2] for match in _VARIABLE.finditer(text)}


def _secret_argument(pair: Pair, instruction: Env, stage: Stage) -> Span | None:
    """The declaration of the build argument that an ENV copies, when one of the two is named like a secret."""
    if pair.value is None:
        return None
    position = stage.position(instruction)
    for name in sorted(_names(pair.value.value)):
        variable = stage.scope.arguments.before(name, position)
        shadowed = stage.scope.environment.before(name, position) is not None
        if variable is None or variable.span is None or shadowed:
            continue
        if is_secret_name(name) or is_secret_name(pair.key.value):
            return variable.span
    return None


class _Uses(NamedTuple):
    """Where a stage refers to variables: positions in its body, in order."""

    #: Of the ENV instructions whose values do.
    copied: dict[str, list[int]]
    #: Of the RUN instructions that do, with the place of the reference.
    used: dict[str, list[tuple[int, Span]]]


@lru_cache(maxsize=1)
def _uses(stage: Stage) -> _Uses:
    """One walk for all build arguments of a stage, which the rule asks for one after the other."""
    found = _Uses({}, {})
    for position, each in enumerate(stage.body):
        if isinstance(each, Env):
            for name in {name for pair in each.pairs if pair.value is not None for name in _names(pair.value.value)}:
                found.copied.setdefault(name, []).append(position)
        elif each.keyword == "RUN":
            for text in _texts(each):
                for match in _VARIABLE.finditer(text.value):
                    place = position, text.at(*match.span())
                    found.used.setdefault(match[1] or match[2], []).append(place)
    return found


def _is_copied(name: str, position: int, stage: Stage) -> bool:
    """Whether an ENV below takes the build argument over: the finding is there."""
    return any(at > position for at in reversed(_uses(stage).copied.get(name, ())))


def _first_use(name: str, position: int, stage: Stage) -> Span | None:
    """The first RUN below that refers to the build argument, by the reference's place."""
    return next((span for at, span in _uses(stage).used.get(name, ()) if at > position), None)


def _texts(instruction: Instruction) -> Iterable[Text]:
    return (instruction.arguments, *(heredoc.body for heredoc in instruction.heredocs))
