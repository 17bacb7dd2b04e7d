"""Other programs that do the same work, measured beside ours in the same run. None of them is a part of the product."""
