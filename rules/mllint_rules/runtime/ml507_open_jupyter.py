"""ML507 open-jupyter."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import Build, Finding, JupyterSettings, Option, Rule, Severity, Stage, jupyter_settings

_ROOT = frozenset({"root", "0"})


class OpenJupyter(Rule):
    """Jupyter is started so that whoever reaches its port can run code.

    ## Why is this bad?
    An empty token without a password switches Jupyter's login off: whoever reaches port 8888 has a shell in the
    container, with its GPU, its volumes and the credentials in its environment. Open notebooks are looked for on the
    whole internet and mine coins within hours. With `--allow-root` that shell is root's; with the XSRF check off, a web
    page that a user happens to open can send requests into their notebook.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    CMD ["jupyter", "lab", "--ip=0.0.0.0", "--ServerApp.token=''"]
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    USER 1000
    CMD ["jupyter", "lab", "--ip=0.0.0.0"]
    ```

    ## When it stays silent
    Where a password is set, or may be (a variable), for a server that listens on 127.0.0.1 only, and with
    `gateway = true` in the configuration: a proxy in front of the port then asks who comes. Where a configuration file
    that is not in the build context may set a password, an empty token is a warning.

    ## References
    - [Security in the Jupyter server](https://jupyter-server.readthedocs.io/en/latest/operators/security.html)
    - [Running a public Jupyter server](https://jupyter-server.readthedocs.io/en/latest/operators/public-server.html)
    """

    id = "ML507"
    name = "open-jupyter"
    severity = Severity.ERROR
    security_severity = "9.0"
    tags = ("security",)

    gateway = Option(
        False, "A proxy in front of the notebook authenticates its users, and nothing else reaches its port."
    )

    def check_build(self, build: Build) -> Iterator[Finding]:
        stage = build.final
        if stage is None or self.gateway:
            return
        server = next((each for each in stage.servers if each.facts.name == "Jupyter"), None)
        notebook_image = stage.base is not None and stage.base.purpose == "notebook"
        if server is None and not (notebook_image and not stage.servers):
            return
        if server is not None and server.host in ("127.0.0.1", "localhost"):
            return
        settings = jupyter_settings(stage, server)
        for finding in (*self._login(settings), *self._xsrf(settings), *self._root(settings, stage)):
            yield finding._replace(stage=stage.label)

    def _login(self, settings: JupyterSettings) -> Iterator[Finding]:
        token, password = settings.last("token"), settings.last("password")
        if token is None or not token.is_empty or (password is not None and not password.is_empty):
            return
        what = "an empty token and password" if password is not None else "an empty token and no password"
        unless = "" if settings.complete else ", unless a file that is not seen here sets a password"
        yield self.finding(
            token.span,
            f"Jupyter starts with {what}: whoever reaches its port runs code in the container, with its GPU, volumes "
            f"and credentials{unless}. Leave the option out (Jupyter then makes a token and logs it), or give "
            f"`JUPYTER_TOKEN` when the container starts.",
            severity=None if settings.complete else Severity.WARNING,
        )

    def _xsrf(self, settings: JupyterSettings) -> Iterator[Finding]:
        check = settings.last("xsrf")
        if check is not None and check.is_on:
            yield self.finding(
                check.span,
                "The XSRF check is off: a web page that a user of this notebook opens can send requests to it in their "
                "name, and so run code. Leave the option out.",
                severity=Severity.WARNING,
            )

    def _root(self, settings: JupyterSettings, stage: Stage) -> Iterator[Finding]:
        allowed = settings.last("root")
        user = stage.user
        if stage.process is not None and stage.process.instruction is None:
            # The base image allows it, and of its user ML501 speaks.
            return
        if allowed is None or not allowed.is_on or (user is not None and user.value.partition(":")[0] not in _ROOT):
            return
        yield self.finding(
            allowed.span,
            f"`{allowed.span.text}` lets the notebook run as root: each cell can change the image's own files, and "
            f"what it writes to mounted folders belongs to root. Make a user, switch to it with USER, and leave the "
            f"option out.",
            severity=Severity.WARNING,
        )
