"""Verbs of the ground: companies come and go, people join, sign in and leave."""
