"""Rules about models, data and secrets."""
