"""What installers install: commands and requirements files to requirements; `dispatch.installs` is the entrance."""
