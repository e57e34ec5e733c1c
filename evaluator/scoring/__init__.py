"""Numbers from answers: pure functions of values, without disk, clock or randomness.

Sums go through :func:`math.fsum`, which rounds once, so no order of vendors, files or criteria can
change a figure.
"""
