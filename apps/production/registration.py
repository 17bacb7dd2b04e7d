"""What production hangs into the frame."""
