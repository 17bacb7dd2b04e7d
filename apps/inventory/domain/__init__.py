"""Arithmetic of stock: quantities in 1/10000 of a unit, values in fen, no Django."""
