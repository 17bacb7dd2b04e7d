"""Sales and purchase orders: the same verbs for both, told apart by their `Side`."""
