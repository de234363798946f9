"""The rules of this version, as the catalogue has them: code, name and level stay for good."""

from __future__ import annotations

# fmt: off
CATALOGUE = {
    "ML001": ("parse-error", "error"),
    "ML002": ("inline-comment", "error"),
    "ML003": ("unused-suppression", "info"),
    "ML004": ("unresolved-base-image", "warning"),
    "ML101": ("unpinned-base-image", "warning"),
    "ML102": ("base-image-without-digest", "info"),
    "ML103": ("end-of-life-base", "warning"),
    "ML104": ("nonexistent-image-tag", "error"),
    "ML107": ("discontinued-image", "warning"),
    "ML201": ("unpinned-package", "warning"),
    "ML205": ("pip-cache-kept", "warning"),
    "ML301": ("cuda-exceeds-driver", "error"),
    "ML303": ("unknown-cuda-wheel-index", "error"),
    "ML304": ("nvidia-driver-in-image", "error"),
    "ML308": ("devel-image-in-production", "warning"),
    "ML401": ("model-baked-in", "warning"),
    "ML402": ("model-downloaded-at-build", "warning"),
    "ML404": ("secret-in-build", "error"),
    "ML501": ("root-user", "warning"),
    "ML502": ("jupyter-in-production", "warning"),
    "ML503": ("missing-healthcheck", "warning"),
    "ML505": ("shell-form-entrypoint", "warning"),
    "ML510": ("server-on-loopback", "error"),
    "ML601": ("source-before-dependencies", "warning"),
    "ML602": ("apt-lists-kept", "warning"),
    "ML603": ("apt-update-alone", "warning"),
}
# fmt: on
#: Rules that are off until they are asked for.
OFF_BY_DEFAULT = ("ML102",)
