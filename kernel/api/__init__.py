"""The REST face: same services as the pages, one shape of lists and refusals."""
