"""Shapes of input of the kernel's pages."""
