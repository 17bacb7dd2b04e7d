"""Views: request -> one call -> response."""
