"""Programs of the developers: environment, checks, measurements."""
