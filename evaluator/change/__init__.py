"""What is due for review, and what changed between two reviews and why."""
