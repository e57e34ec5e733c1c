"""Questions put to the scores: fit to use cases, the best stack, cost, differences, evidence.

Functions of values, like the scoring they ask: date, seed and limits are parameters.
"""
