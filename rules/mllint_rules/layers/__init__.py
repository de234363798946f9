"""Rules about layers, cache and size."""
