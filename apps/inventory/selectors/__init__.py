"""Questions about stock; nothing here writes."""
