"""Whose image a reference means: mirrors, pull-through caches and second homes lead to the publisher's own name."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from mllint.images.reference import ImageReference
from mllint.regex import regex

PUBLIC = frozenset(
    {
        "docker.io",
        "nvcr.io",
        "quay.io",
        "ghcr.io",
        "gcr.io",
        "us-docker.pkg.dev",
        "mcr.microsoft.com",
        "public.ecr.aws",
        "k8s.gcr.io",
        "registry.k8s.io",
        "r8.im",
        "registry.access.redhat.com",
        "registry.redhat.io",
    }
)
"""Registries in which a name belongs to whoever publishes under it."""

# fmt: off
OFFICIAL = frozenset({
    "alpine", "almalinux", "amazonlinux", "archlinux", "bash", "buildpack-deps", "busybox", "caddy", "centos", "debian",
    "eclipse-temurin", "elasticsearch", "fedora", "gcc", "golang", "haproxy", "httpd", "julia", "maven", "memcached",
    "mongo", "mysql", "nginx", "node", "openjdk", "oraclelinux", "perl", "photon", "php", "pypy", "postgres", "python",
    "r-base", "redis", "rockylinux", "ruby", "rust", "swift", "ubuntu",
})
# fmt: on
"""Docker's official images that turn up under ML services, as mirrors name them without `library/`."""

_CACHE = regex(r"(?:^|[-_./])(?:docker|dockerhub|hub|proxy|mirrors?|cache|remote|upstream)(?:$|[-_./])|docker\.io")


class Identity(NamedTuple):
    """The publisher's name of an image; `mirrored` when the reference goes through somebody else's registry."""

    name: str
    """`registry/path`, Docker Hub's official images as "docker.io/library/…"."""
    mirrored: bool

    @property
    def family(self) -> str:
        """The name as people write it: "python", "nvidia/cuda", "quay.io/jupyter/base-notebook"."""
        return self.name.removeprefix("docker.io/").removeprefix("library/")


@lru_cache(maxsize=512)
def identify(reference: ImageReference) -> Identity:
    """The publisher's own name for the image that a reference means."""
    registry, path = reference.registry, reference.repository
    if registry == "mirror.gcr.io":
        return Identity(f"docker.io/{path}", True)
    if registry == "public.ecr.aws" and path.startswith("docker/library/"):
        return Identity(f"docker.io/{path.removeprefix('docker/')}", True)
    if registry == "nvcr.io" and path == "nvidia/cuda":
        return Identity("docker.io/nvidia/cuda", False)
    if registry == "ghcr.io" and path == "pytorch/pytorch":
        return Identity("docker.io/pytorch/pytorch", True)
    if registry in PUBLIC or is_deep_learning_container(f"{registry}/{path}"):
        return Identity(f"{registry}/{path}", False)
    known = _publisher(registry, path)
    return Identity(known, True) if known else Identity(f"{registry}/{path}", False)


def is_deep_learning_container(name: str) -> bool:
    """Whether a publisher's name is one of AWS's Deep Learning Containers, in its own account or in public."""
    registry, _, path = name.partition("/")
    if ".dkr.ecr." not in registry:
        return name.startswith("public.ecr.aws/deep-learning-containers/")
    from mllint.knowledge.aws_dlc import ACCOUNT

    return registry.startswith(f"{ACCOUNT}.") and "/" not in path


def _publisher(registry: str, path: str) -> str | None:
    """The well-known name that a private registry's path ends in; None when it ends in none."""
    parts = path.split("/")
    if len(parts) > 1:
        found = _well_known().get("/".join(parts[-2:]))
        if found:
            return found
        if parts[-2] == "library":
            return f"docker.io/library/{parts[-1]}"
    upstream = f"{registry}/{'/'.join(parts[:-1])}"
    return f"docker.io/library/{parts[-1]}" if parts[-1] in OFFICIAL and _CACHE.search(upstream) else None


@lru_cache(maxsize=1)
def _well_known() -> dict[str, str]:
    """Two-part names that nobody else would give an image, and where they belong."""
    from mllint.knowledge.framework_images import IMAGES

    own = ("docker.io/nvidia/cuda", "docker.io/pytorch/pytorch", "docker.io/tensorflow/tensorflow")
    ngc = tuple(f"nvcr.io/nvidia/{name}" for name in ("pytorch", "tensorflow", "tritonserver", "tensorrt"))
    rows = tuple(row.name for row in IMAGES if row.name.count("/") == 2 and not row.name.endswith(("/", "-")))
    return {name.partition("/")[2]: name for name in (*rows, *ngc, *own)}


#: What stands for an image that the user is to name.
_PLACEHOLDER = regex(
    r"<.*>|\{\{.*\}\}|non-existing|nonexistent|changeme|change_me|todo|tbd|placeholder|your[-_].*", re.IGNORECASE
)


def is_placeholder(name: str) -> bool:
    """Whether a name stands for an image that is to be filled in: `<image>`, `changeme`, `your-registry/app`."""
    return _PLACEHOLDER.fullmatch(name) is not None
