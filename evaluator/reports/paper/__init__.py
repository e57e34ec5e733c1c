"""What is printed: HTML and PDF from templates."""
