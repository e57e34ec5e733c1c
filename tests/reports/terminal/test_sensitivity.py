"""The gain of asking a vendor everything is printed with the error of its mean, as it was computed."""

from __future__ import annotations

from dataclasses import replace
from math import sqrt

import pytest
from builders import AS_OF, build, contents

from evaluator.evaluation.evaluate import evaluate
from evaluator.reports.paper.vendor_report import subject_view
from evaluator.reports.terminal.sensitivity import questions_page
from evaluator.sensitivity.value_of_information import value_of_information

SAMPLES = 400
CONTENT = contents(
    criteria=4, vendors=2, level=lambda vendor, key, _: "unknown" if vendor == "v-1" and key != "c-1" else 2
)


def test_a_gain_and_its_error_are_printed_as_they_were_computed() -> None:
    workspace = build(CONTENT)
    found = value_of_information(evaluate(workspace, AS_OF, version="test"), SAMPLES)
    options = tuple(
        replace(option, gain=1.5, gain_error=0.25) if option.option == "v-1" else option for option in found.options
    )
    found = replace(found, options=options)
    assert "1.50 ± 0.25" in questions_page(workspace, found)
    result = replace(evaluate(workspace, AS_OF, version="test"), questions=found)
    assert "1.50 ± 0.25" in subject_view(result, "v-1").asking


def test_the_error_is_that_of_a_mean_of_the_draws() -> None:
    # A gain lies between 0 and 100 points: its draws stray by at most half of that, and by less the more often they agree.
    workspace = build(CONTENT)
    (option,) = (
        found
        for found in value_of_information(evaluate(workspace, AS_OF, version="test"), SAMPLES).options
        if found.option == "v-1"
    )
    assert 0 < option.gain_error <= 50 / sqrt(SAMPLES)
    many = next(
        found
        for found in value_of_information(evaluate(workspace, AS_OF, version="test"), 16 * SAMPLES).options
        if found.option == "v-1"
    )
    assert many.gain_error == pytest.approx(option.gain_error / 4, rel=0.25)
