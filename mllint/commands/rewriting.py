"""Writing a file that somebody else may be reading."""

from __future__ import annotations

import os

from mllint.lint import ReadError


def replace(path: str, text: str) -> None:
    """Puts a text in the place of a file at once, so that none is half written; links stay links. Raises ReadError."""
    import shutil

    path = os.path.realpath(path)
    beside = f"{path}.mllint"
    try:
        with open(beside, "x", encoding="utf-8", newline="") as out:
            out.write(text)
        shutil.copymode(path, beside)
        os.replace(beside, path)
    except OSError as error:
        if os.path.lexists(beside) and not isinstance(error, FileExistsError):
            os.unlink(beside)
        raise ReadError(f"cannot be written: {(error.strerror or str(error)).lower()}") from None
