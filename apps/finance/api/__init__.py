"""REST API of finance."""
