"""ML409 remote-code-trusted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mllint.api import (
    Build,
    Command,
    Finding,
    PythonCall,
    Related,
    Rule,
    Run,
    Span,
    Stage,
    Text,
    Word,
    option_value,
    python_calls,
    python_text_calls,
    regex,
    script_of,
)

_FLAGS = ("--trust-remote-code", "--trust_remote_code")
_MODEL_OPTIONS = (
    *("--model", "--model-path", "--model-id", "--model-name-or-path"),
    *("--model_path", "--model_id", "--model_name_or_path", "--pretrained_model_name_or_path"),
)
#: How many words stand in front of a server's model, where it is no option's value.
_POSITIONS = {"vllm": 1, "lmdeploy": 2, "trtllm-serve": 0}
_REVISION_OPTIONS = ("--revision", "--code-revision")
_REVISION_KEYWORDS = ("revision", "code_revision")
_MODEL_KEYWORDS = ("pretrained_model_name_or_path", "model_name_or_path", "model_id", "model", "path")
#: A repository of the hub, `owner/name`; a name without an owner carries no code.
_REPOSITORY = regex(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
#: First folders of relative paths, which look like owners.
_FOLDERS = frozenset(
    {
        *("models", "model", "checkpoints", "checkpoint", "ckpts", "ckpt"),
        *("weights", "pretrained", "data", "output", "outputs"),
    }
)
_COMMIT = regex(r"[0-9a-f]{7,40}")
#: What unpickles its argument. torch.load does so only where it is told to: see `_unpickles`.
_LOADERS = regex(r"(pickle|cPickle|cloudpickle|dill|joblib)\.loads?")
_FROM_URL = regex(r"pandas\.read_pickle|pd\.read_pickle")
_TORCH_LOADERS = frozenset({"torch.load", "torch.hub.load_state_dict_from_url"})
#: Calls that give what the network sends.
_FETCHERS = regex(
    r"(urllib\.request\.)?urlopen|(requests|httpx)\.get|(huggingface_hub\.)?hf_hub_download|(wget|gdown)\.download"
    r"|urllib\.request\.urlretrieve|(smart_open|fsspec)\.open"
)


class RemoteCodeTrusted(Rule):
    """Code that a model's repository carries, or a pickle from the network, is run.

    ## Why is this bad?
    `trust_remote_code=True` imports the `.py` files of the model's repository, from its main branch unless a revision
    is given. Whoever can push there, or takes the account over, then runs code in your build, or in the container with
    its GPU, its tokens and its network. A new commit that is merely wrong breaks the next start. A pickle is the same:
    loading one calls whatever functions it names, which is why `torch.load` reads weights only since torch 2.6.

    ## Bad
    ```dockerfile
    FROM vllm/vllm-openai:v0.8.4@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    USER 1000
    HEALTHCHECK --start-period=10m CMD curl --fail http://localhost:8000/health
    CMD ["--model", "deepseek-ai/DeepSeek-V2-Lite", "--trust-remote-code"]
    ```

    ## Good
    ```dockerfile
    FROM vllm/vllm-openai:v0.8.4@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
    USER 1000
    HEALTHCHECK --start-period=10m CMD curl --fail http://localhost:8000/health
    CMD ["--model", "deepseek-ai/DeepSeek-V2-Lite"]
    ```

    ## When it stays silent
    Where the revision is a commit, where the model is a local folder (its code was put there and can be read), where
    its name is computed or comes from a variable, and where a loaded file is not seen to come from the network.

    ## References
    - [Transformers, custom models](https://huggingface.co/docs/transformers/custom_models)
    - [torch.load](https://docs.pytorch.org/docs/stable/generated/torch.load.html)
    - [pickle](https://docs.python.org/3/library/pickle.html)
    """

    id = "ML409"
    name = "remote-code-trusted"
    security_severity = "7.0"
    tags = ("security",)

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        for run in stage.runs:
            script = stage.script(run)
            texts = [script.python, *(command.python for command in script.commands)]
            commands = script.commands if stage.build.mentions(*_FLAGS) else ()
            found = [*_in_commands(commands, stage), *_in_texts(texts), *_in_scripts(run, stage)]
            if found:
                yield self._finding(found[0], "the build", run.arguments.span)

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        process = stage.process if stage is not None else None
        if stage is None or process is None or process.instruction is None:
            return
        found = [
            *_in_commands(process.commands, stage),
            *_in_texts([command.python for command in process.commands]),
            *(each for source in process.python for each in _in_calls(python_calls(source))),
        ]
        if found:
            yield self._finding(found[0], "the container", process.span)._replace(stage=stage.label)

    def _finding(self, trust: _Trust, where: str, start: Span) -> Finding:
        """`start` is the command that runs what the finding is in, shown where that is another file."""
        elsewhere = trust.span.source is not start.source
        related = (Related(start, f"{where} runs it here"),) if elsewhere else ()
        return self.finding(trust.span, _message(trust, where), related=related)


class _Trust(NamedTuple):
    span: Span
    #: As written: "--trust-remote-code", "trust_remote_code=True"; or the call that unpickles.
    how: str
    #: The repository; None where the container is started with any.
    model: str | None
    #: How a revision is given; "" for a pickle.
    revision: str
    #: The branch or tag that is given.
    branch: str | None = None


def _message(trust: _Trust, where: str) -> str:
    if not trust.revision:
        return (
            f"`{trust.how}` unpickles what the network sends, and a pickle calls whatever functions it names: who "
            f"controls that address runs code in {where}. Take safetensors, or weights alone (`weights_only=True`), or "
            "compare the file's sum before it is loaded."
        )
    if trust.model is None:
        return (
            f"`{trust.how}` holds for every model that the container is started with: the Python files of its "
            "repository run with the server's GPU, tokens and network. Let whoever needs it for a model that they have "
            f"read give it, with `{trust.revision}`."
        )
    held = f"its `{trust.branch}`" if trust.branch else "its main branch"
    return (
        f"`{trust.how}` runs the Python files of `{trust.model}` in {where}, as {held} holds them at that "
        f"moment: who can push there runs code with its rights and tokens. Leave it out where the library knows the "
        f"model itself, else name a commit that you have read: `{trust.revision}`."
    )


# Commands


def _in_commands(commands: Sequence[Command], stage: Stage) -> Iterator[_Trust]:
    for command in commands:
        command = _with_program(command)
        flag = _flag(command)
        revision = option_value(command, _REVISION_OPTIONS)
        if flag is None or (revision is not None and _is_commit(revision[1])):
            continue
        given, model = _model(command)
        if not given and command.name == "text-generation-launcher":
            variable = stage.variable_at("MODEL_ID")
            given, model = variable is not None, variable.value if variable is not None else None
        if model is not None and _is_remote(model):
            yield _Trust(
                flag.span, flag.raw.strip("\"'"), model, "--revision <commit>", revision[1] if revision else None
            )
        elif not given and any(each.command == command and each.facts.kind == "model" for each in stage.servers):
            yield _Trust(flag.span, flag.raw.strip("\"'"), None, "--revision <commit>")


def _with_program(command: Command) -> Command:
    """CMD's words alone are options for the ENTRYPOINT of the base image: they get a program in front."""
    if not command.words or not command.words[0].raw.strip("\"'").startswith("--"):
        return command
    return command._replace(words=(command.words[0], *command.words))


def _flag(command: Command) -> Word | None:
    """The option, where nothing behind it says no."""
    words = command.arguments
    for at, word in enumerate(words):
        name, equals, value = (word.value or "").partition("=")
        if name in _FLAGS:
            following = words[at + 1].value or "" if at + 1 < len(words) else ""
            off = (value if equals else following).lower() in ("false", "0", "no")
            return None if off else word
    return None


def _is_commit(revision: object) -> bool:
    """Whether it is a commit, or is not known; a branch or a tag can be moved."""
    return not isinstance(revision, str) or _COMMIT.fullmatch(revision) is not None


def _model(command: Command) -> tuple[bool, str | None]:
    """Whether the command names a model, and its name where it is known."""
    option = option_value(command, _MODEL_OPTIONS)
    if option is not None:
        return True, option[1]
    at = _POSITIONS.get(command.name or "")
    words = command.values()
    if at is not None and at < len(words) and not (words[at] or "").startswith("-"):
        return True, words[at]
    # A word that only the running shell knows (`"$@"`, `$ARGS`) may be the model.
    return any(value is None for value in words), None


def _is_remote(model: str) -> bool:
    return _REPOSITORY.fullmatch(model) is not None and model.partition("/")[0].lower() not in _FOLDERS


# Python


def _in_texts(texts: Sequence[Text | None]) -> Iterator[_Trust]:
    for text in texts:
        if text is not None:
            yield from _in_calls(python_text_calls(text))


def _in_scripts(run: Run, stage: Stage) -> Iterator[_Trust]:
    """What the Python scripts of the build context do that a RUN starts."""
    for command in stage.script(run).commands:
        script = script_of(stage, command, stage.workdir_at(run))
        if script is not None and script.python is not None:
            yield from _in_calls(python_calls(script.python))


def _in_calls(calls: Sequence[PythonCall]) -> Iterator[_Trust]:
    for call in calls:
        if call.keywords.get("trust_remote_code") is True:
            model = _named_model(call)
            if model is not None and _is_remote(model) and not _names_commit(call):
                branch = _revision(call)[1]
                yield _Trust(
                    call.span,
                    "trust_remote_code=True",
                    model,
                    'revision="<commit>"',
                    branch if isinstance(branch, str) else None,
                )
        elif _unpickles(call, calls):
            yield _Trust(call.span, call.name, None, "")


def _named_model(call: PythonCall) -> str | None:
    first = call.arguments[0] if call.arguments else None
    if call.name.endswith("pipeline"):  # its first argument is the task
        first = call.arguments[1] if len(call.arguments) > 1 else None
    given = [call.keywords[name] for name in _MODEL_KEYWORDS if name in call.keywords]
    return next((each for each in (*given, first) if isinstance(each, str)), None)


def _revision(call: PythonCall) -> tuple[bool, object]:
    """Whether a revision is given, or may be, and its value where it is known."""
    given = next((name for name in _REVISION_KEYWORDS if call.has(name)), None)
    return given is not None, call.keywords.get(given) if given is not None else None


def _names_commit(call: PythonCall) -> bool:
    given, revision = _revision(call)
    return given and _is_commit(revision)


def _unpickles(call: PythonCall, calls: Sequence[PythonCall]) -> bool:
    """Whether a call unpickles what the network sends: it names a URL, or a fetch is its argument."""
    if call.name in _TORCH_LOADERS:
        if call.keywords.get("weights_only") is not False:
            return False
    elif not (_LOADERS.fullmatch(call.name) or _FROM_URL.fullmatch(call.name)):
        return False
    first = call.arguments[0] if call.arguments else call.keywords.get("url")
    if isinstance(first, str):
        by_url = call.name == "torch.hub.load_state_dict_from_url" or _FROM_URL.fullmatch(call.name) is not None
        return by_url and re.match(r"https?://", first) is not None
    inner = (each for each in calls if each is not call and call.span.covers(each.span))
    return any(_FETCHERS.fullmatch(each.name) and not _names_commit(each) for each in inner)
