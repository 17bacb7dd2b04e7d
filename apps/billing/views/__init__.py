"""Pages of billing: request, one call, response. They stand on the shared tables, never inside a company."""
