"""ML316 rotated-nvidia-key."""

from __future__ import annotations

from collections.abc import Iterator

from mllint.api import (
    Applicability,
    Edit,
    Finding,
    Fix,
    InstallStep,
    Related,
    Rule,
    Stage,
    head_span,
    image_place,
    knowledge,
    stale_key,
    tags,
)

_LISTS = "/etc/apt/sources.list.d/cuda.list /etc/apt/sources.list.d/nvidia-ml.list"


class RotatedNvidiaKey(Rule):
    """`apt-get update` on a GPU image from before NVIDIA changed the key of its package repository.

    ## Why is this bad?
    On 27 April 2022 NVIDIA began to sign its apt repositories with another key. Images that were built before know only
    the old one and have NVIDIA's repository in their lists, so each `apt-get update` ends in

    ```text
    GPG error: https://developer.download.nvidia.com/compute/cuda/repos/… NO_PUBKEY A4B469963BF863CC
    E: The repository … is not signed.
    ```

    with exit code 100, and the build stops, whatever was to be installed. NVIDIA rebuilt the tags that it supported
    then; older ones, and the images of others that stand on them, stay as they are.

    ## Bad
    ```dockerfile
    FROM mirror.gcr.io/nvidia/cuda:10.2-cudnn7-runtime
    RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04
    RUN apt-get update && apt-get install -y --no-install-recommends libgomp1 && rm -rf /var/lib/apt/lists/*
    USER 1000
    ```

    ## When it stays silent
    Where the list is removed, the new key or the package `cuda-keyring` is fetched, or a script may do so in front of
    the update; where its failure is caught (`|| true`, `;`); for tags that were rebuilt, tags that NVIDIA has deleted
    (ML104: only mirrors and private registries may still have them), digests, images whose build date is not known, and
    systems without apt.

    ## Fix safety
    The fix removes NVIDIA's two lists in front of the update. It is unsafe: nothing of NVIDIA's can be installed with
    apt afterwards.

    ## References
    - [NVIDIA, updating the CUDA Linux GPG repository key](https://developer.nvidia.com/blog/updating-the-cuda-linux-gpg-repository-key/)
    - [nvidia-docker issue 1631](https://github.com/NVIDIA/nvidia-docker/issues/1631)
    """

    id = "ML316"
    name = "rotated-nvidia-key"

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        found = stale_key(stage)
        image = stage.root.image
        # Of an image that cannot be pulled ML104 speaks: the build does not come as far as its update.
        if found is None or (image is not None and tags.missing(image) is not None):
            return
        table = knowledge.cuda_images
        shown = f"`{image.short}`" if image is not None else "The base image"
        instead = f"Take `{found.rebuilt}`, which was built later, or first" if found.rebuilt is not None else "First"
        message = (
            f"{shown} is older than the change of NVIDIA's apt key of {table.KEY_ROTATED}: the update ends in "
            f"`{table.KEY_ERROR}`, and the build stops. {instead} `rm -f {_LISTS}`."
        )
        place = image_place(stage.root)
        related = (Related(place.span, "the image with the old key"),) if place is not None else ()
        yield self.finding(head_span(found.update.install), message, related=related, fix=_fix(found.update))


def _fix(update: InstallStep) -> Fix | None:
    """The removal in front of the update; not where a wrapper such as sudo runs it."""
    command = update.install.command
    if command.wrappers or update.instruction.argv is not None:
        return None
    at = command.span.source.span(command.span.start, command.span.start)
    return Fix("Remove NVIDIA's lists first", (Edit(at, f"rm -f {_LISTS} && "),), Applicability.UNSAFE)
