"""Family 7: the build context."""
