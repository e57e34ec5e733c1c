"""The names of cells and columns, so that a person can read a formula."""

from __future__ import annotations

GIVEN, LOW, BEST = "given", "low", "best"
"""Prefixes of an option's columns of values: as answered, supported answers only, unknown at its best."""

FIT, EMPHASIS = "fit", "emphasis"

WEIGHT = "weight"
TOTAL_WEIGHT = "total_raw_weight"
FAMILY_INPUT = "input_family_weights"
FAMILY_OFFICIAL = "official_family_weights"
IMPORTANCE_INPUT = "input_importance"
IMPORTANCE_OFFICIAL = "official_importance"
CLASS_INPUT = "input_data_class"
UNKNOWN_INPUT = "input_unknown_counts_as"
SIZE_INPUT = "input_stack_size"
CLASS_CHOICES = "data_classes"
UNKNOWN_CHOICES = "unknown_choices"
SIZE_CHOICES = "stack_sizes"
CHOICE_NUMBERS = "choice_numbers"
CLASS_NUMBER = "data_class_number"
CLASS_ID = "data_class_id"
UNKNOWN_NUMBER = "unknown_number"
SIZE = "stack_size"
CHANGED = "changed_inputs"
CHANGED_WEIGHTS = "changed_weights"
STATE = "state_of_inputs"
CREDIT = "conditional_credit"
CLOSE = "close_points"
MIN_GAIN = "min_gain"
AS_OF = "as_of"

OPTION_LABELS = "option_names"
OPTION_NUMBERS = "option_numbers"
ROUNDED = "rounded_score"
PLACES = "place"
ORDER = "option_at_place"

GATE_OPTION, GATE_CLASS, GATE_OUTCOME = "gate_option", "gate_class", "gate_outcome"
IMPORTANCE = "use_case_importance"
FITS = "fits"
COVERAGES = "coverages"


def of(prefix: str, key: str) -> str:
    """The name of ``key``'s range: ids hold only lower-case letters, digits and hyphens, so the result is a valid name."""
    return f"{prefix}_{key.replace('-', '_')}"
