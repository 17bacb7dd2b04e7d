"""Paper of inventory: labels as PDF and ZPL."""
