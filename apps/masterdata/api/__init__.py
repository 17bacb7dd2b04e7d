"""REST API of masterdata."""
