"""The settings, and the shape of what inspection returns."""

import pytest
from check_frames import calls, inspect, responses

from survey.checks.inspection import FLAGS
from survey.checks.settings import CheckSettings
from survey.findings import InputError
from survey.yaml_source import validated


def test_flags_are_as_many_as_the_findings_count():
    frame = calls()
    frame.iloc[:3, frame.columns.get_loc("talk_seconds")] = 0.0
    frame.iloc[4, frame.columns.get_loc("wait_seconds")] = 9e9
    checked = inspect(calls=frame, responses=responses())
    assert tuple(checked.flags.columns) == FLAGS
    of_records = [f for f in checked.findings if f.row is not None]
    assert len(of_records) >= 2
    assert len(checked.flags) == sum(f.count for f in of_records)
    zero = checked.flags[checked.flags["check"] == "zero-duration"]
    assert zero["row"].tolist() == [2, 3, 4] and zero["shopper"].tolist() == ["p0", "p1", "p2"]


def test_no_flag_has_the_columns_of_flags():
    assert tuple(inspect().flags.columns) == FLAGS


@pytest.mark.parametrize(
    ("key", "value", "column"),
    [
        ("chances", 0.01, "chances"),
        ("working_hours", "all day", "working_hours"),
        ("chance", 0, "chance"),
        (
            "contradictions",
            [{"table": "calls", "together": {"outcome": ["busy"]}}],
            "contradictions.0.together",
        ),
    ],
)
def test_wrong_settings_name_their_key(key, value, column):
    with pytest.raises(InputError) as caught:
        validated({key: value}, CheckSettings, "checks")
    assert [finding.column for finding in caught.value.findings] == [column]
