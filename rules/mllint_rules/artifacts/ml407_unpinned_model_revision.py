"""ML407 unpinned-model-revision."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mllint.api import Confidence, Fetch, Finding, Related, Rule, Stage

#: What fetches from a hub whose repositories have revisions, with the way to name one.
_REMEDIES = {
    "hf download": "`--revision <commit>`",
    "huggingface-cli download": "`--revision <commit>`",
    "modelscope download": "`--revision <tag>`",
    "from_pretrained": '`revision="<commit>"`',
    "snapshot_download": '`revision="<commit>"`',
    "hf_hub_download": '`revision="<commit>"`',
    "torch.hub": '`"owner/repository:<tag or commit>"`',
}


class UnpinnedModelRevision(Rule):
    """A model is downloaded from a hub without saying which revision of it.

    ## Why is this bad?
    A hub's repository is a git repository, and without a revision a build gets what its main branch holds that day. An
    owner who uploads new weights, another tokenizer or another chat template changes what the same Dockerfile gives:
    two images of the same commit answer differently, and nothing in either says which weights it has. Code that the
    repository carries (torch.hub, `trust_remote_code`) changes in the same way, and runs.

    ## Bad
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir huggingface_hub==0.36.0
    RUN --mount=type=cache,target=/root/.cache/huggingface hf download BAAI/bge-m3
    USER 1000
    ```

    ## Good
    ```dockerfile
    FROM python:3.12.7-slim
    RUN pip install --no-cache-dir huggingface_hub==0.36.0
    RUN --mount=type=cache,target=/root/.cache/huggingface \\
        hf download BAAI/bge-m3 --revision 5617a9f61b028005a4858fdac845db406aefb181
    USER 1000
    ```

    ## When it stays silent
    Where a revision is given, be it a branch, and where the model's name is computed. Libraries that choose the
    revision themselves (Whisper, spaCy, timm, torchvision) are not looked at, nor are downloads at run time.

    ## References
    - [huggingface_hub, download files](https://huggingface.co/docs/huggingface_hub/guides/download)
    - [torch.hub.load](https://docs.pytorch.org/docs/stable/hub.html#torch.hub.load)
    """

    id = "ML407"
    name = "unpinned-model-revision"

    def check_stage(self, stage: Stage) -> Iterator[Finding]:
        told = None
        for fetch in stage.artifacts.fetches:
            remedy = _REMEDIES.get(fetch.download.tool)
            if remedy is None or fetch.download.pinned or not _is_named(fetch):
                continue
            if fetch.instruction is not told:
                told = fetch.instruction
                yield self._finding(fetch, remedy)

    def _finding(self, fetch: Fetch, remedy: str) -> Finding:
        download = fetch.download
        what = f"`{download.subject}`"
        message = (
            f"Without a revision {what} is whatever its main branch holds on the day of the build: new weights or "
            f"another tokenizer come in unseen, and no image says which it has. Name the commit: {remedy}."
        )
        related = (Related(download.span, "downloaded here"),) if download.span.source is not fetch.span.source else ()
        certain = download.sure and not fetch.conditional
        confidence = Confidence.HIGH if certain else Confidence.MEDIUM
        return self.finding(fetch.span, message, related=related, confidence=confidence)


def _is_named(fetch: Fetch) -> bool:
    """Whether the subject is the name of a repository or a model, and no URL, file or variable."""
    subject = fetch.download.subject
    return subject is not None and re.fullmatch(r"[\w.-]+(/[\w.-]+)?", subject) is not None
