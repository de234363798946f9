"""ML501 root-user."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import Build, Fact, Finding, Origin, Role, Rule, Severity, Stage, platform_of, regex

_ROOT = frozenset({"root", "0"})
_NAME = regex(r"[a-z_][a-z0-9_-]*")


class RootUser(Rule):
    """The container of the final stage runs as root.

    ## Why is this bad?
    A flaw in the server, in a pickle that it loads or in a notebook then has root's rights inside the container, and on
    every volume that is mounted; files that a training writes to a shared folder belong to root. Clusters that enforce
    the restricted pod security standard refuse to start such an image.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    COPY app.py /app/
    CMD ["python", "-u", "/app/app.py"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN useradd --create-home --uid 1000 app
    COPY app.py /app/
    USER app
    CMD ["python", "-u", "/app/app.py"]
    ```

    ## When it stays silent
    Where the user is not known (an image that the tables do not know, a variable), where the base image runs as another
    user, and for AWS Lambda and SageMaker (their base images, a handler, files
    under `/opt/ml`, SAGEMAKER_ variables), whose platform decides. For an image without a command of its own, meant to
    be built upon, it is only advice; one from `scratch` only carries files.

    ## References
    - [Dockerfile best practices, USER](https://docs.docker.com/build/building/best-practices/#user)
    - [Pod security standards](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
    """

    id = "ML501"
    name = "root-user"
    aliases = ("DL3002", "CKV_DOCKER_3", "CKV_DOCKER_8", "DS-0002", "AVD-DS-0002")
    security_severity = "6.0"
    tags = ("security",)

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        if stage is None:
            return
        user = stage.user
        if user is None or user.value.partition(":")[0] not in _ROOT:
            return
        if platform_of(stage) is not None:
            return
        base_role = stage.role.value is Role.BASE
        if base_role and stage.root.is_scratch:
            return
        span = user.span if user.span is not None else stage.opening.keyword_span
        finding = self.finding(
            span, _message(stage, user, base_role), severity=Severity.INFO if base_role else Severity.WARNING
        )
        yield finding._replace(stage=stage.label)


def _message(stage: Stage, user: Fact[str], base_role: bool) -> str:
    if user.origin is Origin.LITERAL:
        reason = "this is the last USER of the final stage"
    elif stage.root.image is not None:
        reason = f"`{stage.root.image.short}` starts as root and no USER changes that"
    else:
        reason = "no USER is set"
    who = "Containers of this image, and of all that are built on it, run" if base_role else "The container runs"
    process = stage.process
    own = process is not None and process.instruction in stage.body
    return f"{who} as root: {reason}. {_remedy(stage, 'in front of CMD' if own else 'at the end')}"


def _remedy(stage: Stage, where: str) -> str:
    if stage.root.is_scratch:
        return "Write `USER 65532:65532` in front of CMD: a number needs no entry in /etc/passwd."
    made = _made_user(stage)
    if made is not None:
        return f"The user `{made}` is made here and not used: write `USER {made}` {where}."
    base = stage.base
    if base is not None and base.spare_user is not None:
        return f"The image has a user for this: write `USER {base.spare_user}` {where}."
    if base is not None and base.family == "nginx":
        return "`nginxinc/nginx-unprivileged` is the same server under a user of its own; it listens on port 8080."
    os, version = (base.os, base.os_version) if base is not None else (None, None)
    if os == "alpine":
        create = "adduser -D -u 1000 app"
    elif os == "ubuntu" and (version or "") >= "23.04":
        # Since 23.04 Ubuntu's image has a user of its own, `ubuntu`, with the number 1000.
        create = "useradd --create-home --uid 1001 app"
    else:
        create = "useradd --create-home --uid 1000 app"
    return f"Create a user and switch to it {where}: `RUN {create}`, `USER app`."


def _made_user(stage: Stage) -> str | None:
    """The last user that a `useradd` or `adduser` of the image makes, where its name is plain."""
    for each in stage.ancestry:
        for step in reversed(each.steps):
            if step.command.name in ("useradd", "adduser"):
                values = [value for value in step.command.values() if value is not None]
                name = values[-1] if len(values) == len(step.command.arguments) and values else ""
                system = {"-r", "--system", "-S"}.intersection(values)
                return name if _NAME.fullmatch(name) and not system else None
    return None
