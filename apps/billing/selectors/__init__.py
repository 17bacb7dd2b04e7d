"""Questions to billing: read only, totally ordered, one company at a time or (for the operator) all."""
