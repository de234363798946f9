"""Dockerfile text to instructions: what is written, where, and nothing about what it means."""
