"""The configuration: what the keys are, where the files are found, and how a wrong one is explained."""
