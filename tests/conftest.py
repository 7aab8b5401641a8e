"""Hypothesis profiles, see README.md: `default` at a desk, `ci` with the variable `CI`, `fuzz` for long runs.

`HYPOTHESIS_PROFILE` names one; pytest's own `--hypothesis-profile` goes before it.
"""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

# A slow machine is no defect, so nothing fails by the clock.
_CALM = settings(
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    print_blob=True,
)
settings.register_profile("default", _CALM, max_examples=150)
settings.register_profile("ci", _CALM, max_examples=150, derandomize=True, database=None)
settings.register_profile("fuzz", _CALM, max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default"))
