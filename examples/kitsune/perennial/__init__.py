"""Tells Perennial of every contribution, through an outbox in the site's own database."""
