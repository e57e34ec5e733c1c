"""Settings shared by all tests."""

from __future__ import annotations

import os
import signal

from hypothesis import HealthCheck, Phase, settings

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts jobs in the background with Ctrl-C ignored, and the programs that tests start would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("suite", max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "mutants", settings.get_profile("suite"), derandomize=True, phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("suite")
os.environ["COLUMNS"] = "80"  # pages are as wide as the terminal; that of whoever runs the tests is not to matter
