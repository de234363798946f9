"""ML515 ssh-server-in-image."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from mllint.api import (
    Build,
    Command,
    Finding,
    Related,
    Role,
    Rule,
    Severity,
    Span,
    Stage,
    is_for_development,
)

#: Packages that hold the server; Alpine's `openssh` has both ends, elsewhere it is the client or everything.
_PACKAGES = frozenset({"openssh-server", "dropbear"})
_WHOLE_PACKAGES = {"apk": frozenset({"openssh"})}
#: What multi-node trainings are started by: their launchers reach the other nodes over SSH.
_LAUNCHERS = frozenset(
    {"openmpi", "openmpi-bin", "libopenmpi-dev", "mpich", "mpi4py", "deepspeed", "horovod", "pdsh", "mpi-operator"}
)
_LAUNCHING = frozenset({"mpirun", "mpiexec", "horovodrun", "deepspeed", "pdsh"})
_ROOT_LOGIN = "PermitRootLogin yes"


class SshServerInImage(Rule):
    """An SSH server is in the image.

    ## Why is this bad?
    It is a second way in, with users, keys and logs of its own, beside the platform's (`docker exec`, `kubectl exec`),
    which is already authenticated. The package makes the host's private keys when it is installed, so that they are in
    a layer: every container has the same ones, and who can pull the image can pose as any of them. sshd has to run as
    root, beside the server or the training, and a password in the Dockerfile is known to all.

    ## Bad
    ```dockerfile
    FROM ubuntu:24.04
    RUN apt-get update && apt-get install -y --no-install-recommends openssh-server && rm -rf /var/lib/apt/lists/*
    USER 1001
    ```

    ## Good
    ```dockerfile
    FROM ubuntu:24.04
    RUN apt-get update && apt-get install -y --no-install-recommends openssh-client && rm -rf /var/lib/apt/lists/*
    USER 1001
    ```

    ## When it stays silent
    For stages that do not ship, and for the client alone. Where MPI, Horovod, DeepSpeed or pdsh is installed or
    started, the nodes of a training reach one another over SSH, and it is only advice, as in images for development
    and notebooks.

    ## References
    - [docker container exec](https://docs.docker.com/reference/cli/docker/container/exec/)
    - [sshd_config, PermitRootLogin](https://man.openbsd.org/sshd_config#PermitRootLogin)
    """

    id = "ML515"
    name = "ssh-server-in-image"
    security_severity = "5.0"
    tags = ("security",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        signs = list(_signs(stage)) if stage is not None else []
        if stage is None or not signs:
            return
        first, rest = signs[0], signs[1:]
        launcher = _launcher(stage)
        development = is_for_development(stage) or stage.role.value is Role.NOTEBOOK
        message = f"{first.text}: {_danger(signs)}. {_remedy(launcher)}"
        yield self.finding(
            first.span,
            message,
            severity=Severity.INFO if launcher is not None or development else None,
            related=tuple(Related(each.span, each.text) for each in rest if each.span.source is first.span.source),
        )._replace(stage=first.stage.label)


class _Sign(NamedTuple):
    """A place that shows the server."""

    text: str
    span: Span
    stage: Stage
    #: "installed", "started", "port", "root".
    kind: str


def _signs(stage: Stage) -> Iterator[_Sign]:
    """What shows a server in the final image: its package first, then its start, its port, root's login."""
    order = ("installed", "started", "port", "root")
    found = [sign for each in reversed(stage.ancestry) for sign in _in_stage(each)]
    process = stage.process
    owner = next((each for each in stage.ancestry if process and process.instruction in each.body), stage)
    commands = process.commands if process is not None else ()
    found += [_Sign("An SSH server is started", each.span, owner, "started") for each in commands if _starts(each)]
    found += [_Sign("Port 22 is exposed", span, stage, "port") for port, span in stage.exposed if port == 22]
    kinds = {sign.kind for sign in found}
    if kinds <= {"root"}:
        return
    for kind in order:
        sign = next((each for each in found if each.kind == kind), None)
        if sign is not None:
            yield sign


def _in_stage(stage: Stage) -> Iterator[_Sign]:
    for step in stage.installs:
        install = step.install
        names = _PACKAGES | _WHOLE_PACKAGES.get(install.manager, frozenset())
        for requirement in install.requirements if install.ecosystem == "system" else ():
            if requirement.name in names:
                yield _Sign(f"`{requirement.name}` goes into the image", requirement.span, stage, "installed")
    for _, command in stage.steps:
        if _starts(command) and command.name != "service":
            yield _Sign("An SSH server is set up", command.span, stage, "started")
    for run, command in stage.steps if stage.build.mentions(_ROOT_LOGIN) else ():
        word = next((each for each in command.words if _ROOT_LOGIN in (each.value or each.raw)), None)
        if word is not None and word.span.source is run.span.source:
            yield _Sign("root may log in with a password", word.span, stage, "root")


def _starts(command: Command) -> bool:
    """`/usr/sbin/sshd -D`, `service ssh start`, `/etc/init.d/ssh start`; not a test of the configuration."""
    values = command.values()
    if command.name in ("sshd", "dropbear"):
        return not {"-t", "-T", "-V"}.intersection(values)
    if command.name == "service":
        return values[:1] in (("ssh",), ("sshd",)) and values[1:2] in (("start",), ("restart",))
    path = command.words[0].value if command.words else None
    return path in ("/etc/init.d/ssh", "/etc/init.d/sshd") and values[:1] in (("start",), ("restart",))


def _launcher(stage: Stage) -> str | None:
    """What makes SSH the way between the nodes of a training."""
    for each in stage.ancestry:
        for step in each.installs:
            found = next((name for req in step.install.requirements if (name := req.name) in _LAUNCHERS), None)
            if found is not None:
                return found
    commands = [step.command for each in stage.ancestry for step in each.steps_of(_LAUNCHING)]
    commands += stage.process.commands if stage.process is not None else ()
    return next((each.name for each in commands if each.name in _LAUNCHING), None)


def _danger(signs: list[_Sign]) -> str:
    kinds = {sign.kind for sign in signs}
    if "root" in kinds:
        return "whoever reaches its port and has root's password owns the container, its GPU and its credentials"
    if "installed" in kinds:
        return "a second way in, run as root, and its private host keys are in a layer, the same in every container"
    return "a second way in beside the platform's, which has to run as root"


def _remedy(launcher: str | None) -> str:
    if launcher is None:
        return "`docker exec` and `kubectl exec` open a shell without it."
    return (
        f"With `{launcher}` the nodes of a training may need it: let it take keys only, made at the start of the "
        f"container (`ssh-keygen -A`)."
    )
