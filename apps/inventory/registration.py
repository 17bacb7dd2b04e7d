"""What inventory hangs into the frame."""
