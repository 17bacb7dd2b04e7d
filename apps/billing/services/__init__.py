"""Verbs of billing. All run in the shared context, one transaction each."""
