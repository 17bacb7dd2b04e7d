"""Reads of supply."""
