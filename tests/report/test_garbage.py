import gc

import pytest

from report.garbage import SELDOM, seldom_collected


def test_the_thresholds_come_back_even_after_a_failure() -> None:
    before = gc.get_threshold()
    with pytest.raises(KeyError), seldom_collected():
        assert gc.get_threshold() == SELDOM
        raise KeyError
    assert gc.get_threshold() == before
