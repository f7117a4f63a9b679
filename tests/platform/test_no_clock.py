"""No test fails for taking long: on a machine that does other work as well, any call may be halted for a while."""

from __future__ import annotations

import time

from hypothesis import given, settings
from hypothesis import strategies as st


@settings(max_examples=2)
@given(st.sampled_from((-1, 1)))
def test_an_example_may_take_longer_than_hypothesis_allows_by_itself(sign: int) -> None:
    time.sleep(0.25)
    assert abs(sign) == 1
