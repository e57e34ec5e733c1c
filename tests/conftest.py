"""Settings shared by all tests."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

settings.register_profile("suite", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "mutants", settings.get_profile("suite"), derandomize=True, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("suite")
os.environ["COLUMNS"] = "80"  # pages are as wide as the terminal; that of whoever runs the tests is not to matter
