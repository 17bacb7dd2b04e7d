"""What supply hangs into the frame."""
