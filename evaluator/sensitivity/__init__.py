"""How robust the answer is: sampling, rank acceptability, break-even weights, value of information, other ranking methods."""
