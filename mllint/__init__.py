"""A Dockerfile linter for machine-learning anti-patterns."""

__version__ = "0.1.0"
