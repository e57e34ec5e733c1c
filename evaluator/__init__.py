"""Evaluate platforms, score vendors and defend a curated stack of two or three tools.

The public Python interface is :mod:`evaluator.api`.
"""

__version__ = "0.1.0"
