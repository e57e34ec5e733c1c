"""The version of the numerical rules: content of one version of the rules always gives the same figures."""

from __future__ import annotations

NUMERICAL_RULES = 1
"""Raise it by one when the same content can give another figure, and only then: not for names, wording, order or speed.

``tests/golden/figures-<version>.json.gz`` holds figures of every version; ``tools/new_golden_figures.py`` writes those of a
new one. Version 1 is also that of the records that name a hash of source code instead of a version.
"""
