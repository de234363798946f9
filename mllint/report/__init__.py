"""What people and other programs read: one module per format, each loaded only when it is asked for."""
