"""Verbs of supply."""
