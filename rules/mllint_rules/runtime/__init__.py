"""Rules about serving and the running container."""
