"""Questions to master data: read only, totally ordered, prefetched."""
