"""The verbs on reviews, which ``api`` hands on: opening, closing, verifying, comparing and following reviews."""
