"""HTTP for pages: gates, headers, the one renderer of refusals."""
