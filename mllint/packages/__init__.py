"""What installers install: commands (and later files) to requirements."""
