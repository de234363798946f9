from __future__ import annotations

import pytest

from mllint.semantic.system_caches import kept_cache


@pytest.mark.parametrize(
    ("run", "manager"),
    [
        ("dnf install -y git", "dnf"),
        ("dnf install -y git && yum clean all", None),
        ("yum install -y git && rm -rf /var/cache/dnf", None),
        ("apk add git", "apk"),
        ("apk add --no-cache git", None),
        ("apk update && apk add git && rm -rf /var/cache/apk/*", None),
        ("zypper --non-interactive install git && zypper cc -a", None),
        ("--mount=type=cache,target=/var/cache/dnf dnf install -y git", None),
        ("dnf remove -y git", None),
    ],
)
def test_the_cache_that_a_run_keeps(build, run, manager):
    (stage,) = build(f"FROM rockylinux:9\nRUN {run}\n").stages
    found = kept_cache(stage.runs[0], stage)

    assert (found.manager if found is not None else None) == manager
