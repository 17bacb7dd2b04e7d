"""Verbs of master data: one transaction each, keyword-only, one fact published last."""
