"""What finance answers: read only, totally ordered, from posted lines and their period balances."""
