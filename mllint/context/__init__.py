"""The build context: the files that a build would send, sizes, .dockerignore."""

from mllint.context.context import Certainty, Context
from mllint.context.tree import File, Listing

__all__ = ["Certainty", "Context", "File", "Listing"]
