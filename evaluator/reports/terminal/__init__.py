"""What the terminal shows: plain text that fits 80 columns."""
