"""ML501 root-user."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import Build, Fact, Finding, Origin, Role, Rule, Severity, Stage

_ROOT = frozenset({"root", "0"})


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
    CMD ["python", "/app/app.py"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN useradd --create-home --uid 1000 app
    COPY app.py /app/
    USER app
    CMD ["python", "/app/app.py"]
    ```

    ## When it stays silent
    Where the user is not known (an image that the tables do not know, a variable), where the base image runs as another
    user or its entrypoint drops root's rights, and on AWS Lambda and SageMaker images, whose platform decides. For an
    image without a command of its own, meant to be built upon, it is only advice.

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
        if user is None or user.value.partition(":")[0] not in _ROOT or _platform_decides(stage):
            return
        role = stage.role.value
        severity = Severity.INFO if role is Role.BASE else Severity.WARNING
        span = user.span if user.span is not None else stage.opening.keyword_span
        yield self.finding(span, _message(stage, user), severity=severity)._replace(stage=stage.label)


def _platform_decides(stage: Stage) -> bool:
    base = stage.base
    return base is not None and (base.drops_root or base.purpose in ("lambda", "sagemaker"))


def _message(stage: Stage, user: Fact[str]) -> str:
    remedy = "Create a user and switch to it in front of CMD: `RUN useradd --create-home --uid 1000 app`, `USER app`."
    if user.origin is Origin.LITERAL:
        return f"The container runs as root: this is the last USER of the final stage. {remedy}"
    image = stage.root.image
    reason = f"`{image}` starts as root and no USER changes that" if image is not None else "no USER is set"
    return f"The container runs as root: {reason}. {remedy}"
