"""What a Dockerfile means: its stages, their variables, users, commands, packages, base images and roles."""
