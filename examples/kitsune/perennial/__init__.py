"""Sends every contribution to Perennial, through an outbox in the site's own database."""
