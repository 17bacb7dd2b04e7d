"""Verbs of inventory."""
