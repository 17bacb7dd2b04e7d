"""Pages of finance: request, one call, response."""
