"""Image references, and what is known of the images they name."""
