"""Matrix products of many short lines.

The linear algebra library starts its threads for large products, and for lines as short as ours waiting for them costs
more than the work: on two busy cores up to fifty times as much. Products are therefore made in parts that stay below
the library's limit, which also makes the figures the same whatever the number of cores.
"""

from __future__ import annotations

import numpy as np

from evaluator.sensitivity.arrays import Array

PART = 1 << 18
"""Multiplications in one part: OpenBLAS keeps to one thread up to here."""


def product(lines: Array, columns: Array) -> Array:
    """``lines @ columns``, where there are many lines and few columns."""
    rows = max(1, PART // max(1, columns.size))
    whole = len(lines) // rows * rows
    result = np.empty((len(lines), columns.shape[1]))
    if whole:
        parts = lines[:whole].reshape(-1, rows, lines.shape[1])
        np.matmul(parts, columns, out=result[:whole].reshape(-1, rows, columns.shape[1]))
    np.matmul(lines[whole:], columns, out=result[whole:])
    return result
