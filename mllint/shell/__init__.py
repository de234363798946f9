"""Shell text to commands: what a RUN, CMD, ENTRYPOINT or HEALTHCHECK really does."""
