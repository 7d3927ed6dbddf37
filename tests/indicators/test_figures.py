import numpy as np
import pandas as pd
import pytest

from indicators.figures.prepare import prepare_figures
from indicators.scores import Scores, score
from indicators.system import System
from survey.findings import Finding, InputError
from survey.records import Records

NAN = np.nan


def figure(name: str, **more: object) -> dict:
    rule = {"goalposts": [0, 10]}
    return {"id": name, "zh": name, "en": name, "table": "figures", "rule": rule} | more


def system(*items: dict, **more: object) -> System:
    words = {"zh": "s", "en": "s"}
    leaf = {"id": "A", "zh": "A", "en": "A", "items": list(items)}
    stated = {"id": "s", "title": words, "source": words, "children": [leaf]}
    return System.model_validate({"minimum_coverage": 0, **stated, **more})


def table(**columns) -> pd.DataFrame:
    frame = pd.DataFrame({"unit": list("abcdefgh")[: len(next(iter(columns.values())))], **columns})
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
    return frame


def scored(
    index: System, frame: pd.DataFrame, attributes=None
) -> tuple[Scores, dict[str, Finding]]:
    units = sorted(set(frame["unit"]))
    scores, findings = score(Records({"figures": frame}), index, units, attributes)
    return scores, {finding.check: finding for finding in findings}


def points(scores: Scores) -> list[list[float]]:
    return scores.items.mean[-1].tolist()


def test_one_column_by_two_denominators_and_by_itself():
    index = system(
        figure("per_head", column="x", denominator="people"),
        figure("per_area", column="x", denominator="area"), figure("x"),
        figure("people", denominator="area"),
    )  # fmt: skip
    frame = table(x=[4.0, 6], people=[2.0, 3], area=[1.0, 2])
    assert points(scored(index, frame)[0]) == [[2, 2], [4, 3], [4, 6], [2, 1.5]]


def test_a_zero_denominator_is_missing_and_told():
    scores, found = scored(
        system(figure("x", denominator="people")), table(x=[4.0, 6], people=[0.0, 3])
    )
    assert points(scores) == [pytest.approx([NAN, 2], nan_ok=True)]
    assert found["zero-denominator"].count == 1


def test_a_figure_treated_for_one_item_is_not_for_another():
    values = [1.0, 2, 3, 4, 5, 6, 7, 90]
    index = system(
        figure("x", rule={"minmax": [0, 10]}, treat="log"),
        figure("y", column="x", rule={"minmax": [0, 10]}, treat="log"),
        figure("z", column="x", rule={"minmax": [0, 10]}),
        figure("w", rule={"formula": "x / 10"}),
    )  # fmt: skip
    x, y, z, w = points(scored(index, table(x=values))[0])
    logs = np.log(np.array(values) - 1 + 0.89)
    assert x == y == pytest.approx(10 * (logs - logs[0]) / (logs[-1] - logs[0]))
    assert z == pytest.approx((np.array(values) - 1) / 8.9)
    assert w == pytest.approx(np.array(values) / 10)


def test_figures_that_need_not_apply_shape_no_other_and_are_not_imputed():
    index = system(
        figure("x", rule={"minmax": [0, 10]}, not_applicable=["-99"], denominator="people"),
        figure("y"), figures={"impute": {"impute": "mean"}, "treat": "log"},
    )  # fmt: skip
    frame = table(x=[1.0, 2, 4, 8, 16, -99, NAN], y=[5.0] * 7, people=[1.0] * 7)
    scores, found = scored(index, frame)
    plain, _ = scored(index, frame.assign(x=[1.0, 2, 4, 8, 16, NAN, NAN]))
    kept = [0, 1, 2, 3, 4]
    assert np.isnan(points(scores)[0][5])
    assert np.array(points(scores)[0])[kept] == pytest.approx(
        np.array(points(plain)[0])[kept], abs=0.5
    )
    assert found["imputed"].count == 1
    assert not scores.items.applies[-1, 0, 5]
    assert scores.of("A")["f"] == 5
    assert scores.coverage[5, -1, 0] == 1


@pytest.mark.parametrize(
    ("impute", "expected"),
    [
        ({"impute": "mean"}, 4.0), ({"impute": "median"}, 3.0),
        ({"impute": "mean", "by": "group"}, 1.5), ({"impute": "median", "by": "tier"}, 5.5),
    ],
    ids=str,
)  # fmt: skip
def test_imputation_by_hand(impute, expected):
    frame = table(x=[1.0, 2, 9, 4, NAN], y=[1.0] * 5).assign(
        group=pd.Series(list("ppqqp"), index=range(2, 7))
    )
    tiers = pd.DataFrame({"tier": [1, 2, 2, 1, 2]}, index=list("abcde"))
    scores, found = scored(
        system(figure("x"), figure("y"), figures={"impute": impute}), frame, tiers
    )
    assert points(scores)[0][4] == expected
    assert scores.coverage[:, -1, 0].tolist() == [1, 1, 1, 1, 0.5]
    assert found["imputed"].count == 1


def test_a_group_without_a_figure_stays_missing():
    frame = table(x=[1.0, NAN], y=[1.0, 1]).assign(group=pd.Series(["p", "q"], index=[2, 3]))
    how = {"impute": {"impute": "mean", "by": "group"}}
    scores, found = scored(system(figure("x"), figure("y"), figures=how), frame)
    assert np.isnan(points(scores)[0][1])
    assert "1 could not be" in found["imputed"].got


def test_a_unit_without_any_figure_is_not_made_up():
    how = {"impute": {"impute": "mean"}}
    scores, _ = scored(system(figure("x"), figure("y"), figures=how), table(x=[1, NAN], y=[2, NAN]))
    assert np.isnan(scores.of("A")["b"])


def periods() -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "unit": list("abcabc"), "period": ["2021"] * 3 + ["2020"] * 3,
            "x": [4.0, NAN, 6, 1, 2, 9],
        }
    )  # fmt: skip
    frame.index = pd.RangeIndex(2, 8, name="row")
    return frame


def test_the_last_period_is_scored_and_the_last_figure_stands_in():
    index = system(figure("x"), figures={"impute": {"impute": "last"}})
    assert points(scored(index, periods())[0]) == [[4, 2, 6]]
    wider = periods().assign(y=5.0)
    index = system(figure("x"), figure("y"), figures={"impute": {"impute": "last"}})
    assert points(scored(index, wider)[0])[0] == [4, 2, 6]
    assert points(scored(index, wider.iloc[::-1])[0])[0] == [4, 2, 6]


def test_one_edition_or_all():
    def rule(over: str) -> System:
        return system(figure("x", rule={"minmax": [0, 10], "over": over}))

    assert points(scored(rule("edition"), periods())[0])[0] == pytest.approx(
        [0, NAN, 10], nan_ok=True
    )
    found = points(scored(rule("all"), periods())[0])[0]
    assert found == pytest.approx([3.75, NAN, 6.25], nan_ok=True)


def test_unknown_periods_and_groups_are_errors_with_the_nearest_name():
    with pytest.raises(InputError, match="did you mean '202"):
        scored(system(figure("x"), figures={"period": "2012"}), periods())
    how = {"impute": {"impute": "mean", "by": "grup"}}
    frame = table(x=[1.0, NAN]).assign(group="p")
    with pytest.raises(InputError, match="did you mean 'group'"):
        scored(system(figure("x"), figures=how), frame)


def test_units_with_too_few_figures_are_left_out_and_shape_no_other():
    index = system(
        *(figure(n, rule={"minmax": [0, 10]}) for n in "xyz"),
        figures={"screen": {"present": 0.6, "nonzero": 0.5}},
    )
    frame = table(x=[1.0, 2, 3, 99, 0], y=[1.0, 2, 3, NAN, 0], z=[1.0, 2, 3, NAN, 7])
    scores, found = scored(index, frame)
    assert scores.of("A").tolist() == pytest.approx([0, 5, 10, NAN, NAN], nan_ok=True)
    assert found["screened-out"].count == 2
    assert "d, e" in found["screened-out"].got


def test_a_figure_that_never_varies_is_told_not_lost():
    index = system(figure("x", rule={"minmax": [0, 10]}), figure("y"))
    scores, found = scored(index, table(x=[5.0, 5, NAN], y=[1.0, 2, 3]))
    assert np.isnan(points(scores)[0]).all()
    assert scores.of("A").tolist() == [1, 2, 3]
    assert found["not-placed"].count == 2
    assert found["not-placed"].column == "figures.x"


def test_a_single_unit():
    scores, found = scored(
        system(figure("x"), figure("y", rule={"minmax": [0, 10]})), table(x=[3.0], y=[4.0])
    )
    assert scores.of("total").tolist() == [3]
    assert "not-placed" in found


def test_what_lies_beyond_the_scale_is_cut_and_counted():
    scores, found = scored(system(figure("x")), table(x=[-5.0, 5, 15]))
    assert points(scores) == [[0, 5, 10]]
    assert found["beyond-scale"].count == 2


def test_preparing_leaves_the_table_as_it_was():
    index = system(
        figure("x", denominator="p", rule={"minmax": [0, 10]}), figures={"treat": "log", "impute": {"impute": "mean"}}
    )  # fmt: skip
    frame = table(x=[1.0, 2, 3, 4, NAN], p=[1.0, 2, 3, 4, 5])
    before = frame.copy()
    prepare_figures(frame, [item for _, item in index.leaf_items()], index)
    pd.testing.assert_frame_equal(frame, before)


def test_two_hundred_treated_figures_do_not_fragment_the_table(recwarn):
    names = [f"f{i}" for i in range(200)]
    index = system(*(figure(n, rule={"minmax": [0, 10]}) for n in names), figures={"treat": "log"})
    random = np.random.default_rng(0)
    scored(index, table(**{n: random.uniform(1, 9, 8) for n in names}))
    assert not [w for w in recwarn if "fragmented" in str(w.message)]


LAST = {"figures": {"impute": {"impute": "last"}, "period": "2021"}}


def test_the_last_figure_stands_in_for_a_unit_without_any_in_the_period():
    """a: blank in 2021; b: no row in 2021; c: observed; d: only a later one."""
    frame = pd.DataFrame(
        {
            "unit": list("aabcd"),
            "period": ["2020", "2021", "2019", "2021", "2022"],
            "x": [4.0, NAN, 3, 9, 1],
        },
        index=pd.RangeIndex(2, 7, name="row"),
    )
    scores, found = scored(system(figure("x"), **LAST), frame)
    assert points(scores) == [pytest.approx([4, 3, 9, NAN], nan_ok=True)]
    assert scores.coverage[:, 0, 0].tolist() == [0, 0, 1, 0]
    assert found["imputed"].count == 2
    records = scores.trace("b").records
    assert records[["row", "record", "answer", "points"]].to_numpy().tolist() == [
        [4, "b", "3.0", 3.0]
    ]


def test_a_mean_does_not_stand_in_for_a_unit_without_any_figure():
    index = system(figure("x"), figure("y"), figures={"impute": {"impute": "mean"}})
    scores, found = scored(index, table(x=[4.0, NAN, NAN], y=[2.0, 6, NAN]))
    assert points(scores) == [
        pytest.approx([4, 4, NAN], nan_ok=True),
        pytest.approx([2, 6, NAN], nan_ok=True),
    ]
    assert found["imputed"].count == 1


def test_a_word_among_the_exempt_numbers_of_a_figure_is_for_other_columns():
    scores, found = scored(system(figure("x", not_applicable=["na", "-9"])), table(x=[4.0, -9]))
    assert points(scores) == [pytest.approx([4, NAN], nan_ok=True)]
    assert found["not-applicable"].count == 1
    assert "no-score" not in found
