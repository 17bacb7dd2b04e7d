"""Pages of master data: request, one call, response."""
