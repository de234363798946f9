"""The build context: the files that a build would send, sizes, .dockerignore."""

from mllint.context.context import Context, File, Listing

__all__ = ["Context", "File", "Listing"]
