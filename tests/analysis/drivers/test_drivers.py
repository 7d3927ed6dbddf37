import numpy as np
import pytest

from analysis.drivers.drivers import find_drivers
from analysis.drivers.sentences import data_sentence, drivers_sentence
from analysis.drivers.settings import DriverSettings
from survey.findings import InputError

CONTENT = DriverSettings(outcome="content", replicates=200)


def checks(findings) -> dict[str, str]:
    return {finding.check: finding.column for finding in findings}


def by_hand(scores, names: tuple[str, ...], outcome: str) -> tuple[float, np.ndarray]:
    """R^2 within units and audiences and standardised slopes, by weighted least squares."""
    table = next(t for t in scores.points if t.table == "responses")
    cell = table.unit * 2 + table.audience
    dummies = (cell[:, None] == np.unique(cell)).astype(float)
    root = np.sqrt(table.weight)[:, None]
    columns = []
    for name in (*names, outcome):
        tree = scores.hierarchy
        items = [list(table.items).index(i) for i in tree.items_of(tree.index(name))]
        raw = table.points[:, items].mean(axis=1, keepdims=True)
        columns.append((raw - dummies @ np.linalg.lstsq(root * dummies, root * raw)[0])[:, 0])
    values = np.column_stack(columns) * root
    values /= np.sqrt((values**2).sum(axis=0))
    slopes = np.linalg.lstsq(values[:, :-1], values[:, -1])[0]
    return float(((values[:, :-1] @ slopes) ** 2).sum()), slopes


def test_answers_in_one_table_are_compared_within_units_and_audiences(made):
    scores = made()
    drivers, findings = find_drivers(scores, CONTENT)
    r2, slopes = by_hand(scores, ("speed", "care"), "content")
    assert (drivers.level, drivers.source, drivers.n, drivers.units) == (
        "records", "responses", 1200, 30,
    )  # fmt: skip
    assert drivers.predictors == ("speed", "care")
    assert drivers.r2[0] == pytest.approx(r2, abs=1e-9)
    assert drivers.coefficient[0] == pytest.approx(slopes, abs=1e-9)
    assert drivers.importance[0].sum() == pytest.approx(r2, abs=1e-9)
    assert drivers.share[0].sum() == pytest.approx(1)
    assert findings == ()


def test_what_sets_units_apart_plays_no_part(made):
    """The level of a unit lifts all its answers; within units `patient` moves nothing."""

    def shift(tables):
        responses = tables["responses"]
        level = responses["unit"].str[1:].astype(int) / 10
        noise = np.random.default_rng(9).normal(0, 0.5, len(responses))
        tables["responses"] = responses.assign(patient=level + 5 + noise, pleased=level + 5)
        tables["responses"]["pleased"] += np.random.default_rng(8).normal(0, 0.5, len(responses))

    settings = DriverSettings(outcome="content", of=("patient",), replicates=200)
    drivers, _ = find_drivers(made(change=shift), settings)
    assert drivers.r2[0] < 0.01
    assert drivers.table()["direction"].tolist() == ["unclear"]


def test_intervals_cover_what_a_larger_sample_shows(made):
    truth, _ = find_drivers(made(units=400, seed=11), CONTENT)
    small, _ = find_drivers(made(units=30, seed=2), CONTENT)
    _, low, high = small.share
    assert (low < truth.share[0]).all()
    assert (truth.share[0] < high).all()
    assert (high - low < 0.15).all()


def test_neither_order_of_rows_nor_of_predictors_matters_but_the_seed_does(made):
    def shuffled(tables):
        tables["responses"] = tables["responses"].sample(frac=1, random_state=4)

    plain, _ = find_drivers(made(), CONTENT, seed=3)
    again, _ = find_drivers(made(change=shuffled), CONTENT, seed=3)
    named = DriverSettings(outcome="content", of=("care", "speed"), replicates=200)
    turned, _ = find_drivers(made(), named, seed=3)
    other, _ = find_drivers(made(), CONTENT, seed=4)
    assert plain.predictors == again.predictors == turned.predictors
    assert again.share == pytest.approx(plain.share, abs=1e-12)
    assert turned.share == pytest.approx(plain.share, abs=1e-12)
    assert not np.allclose(other.share[1:], plain.share[1:])


def test_one_audience_is_looked_at_alone(made):
    def only_citizens(tables):
        answers = tables["responses"]
        unmoved = answers["pleased"].where(answers["audience"] == "citizen", answers["patient"])
        tables["responses"] = answers.assign(pleased=unmoved)

    scores = made(change=only_citizens)
    settings = DriverSettings(outcome="content", of=("quick", "patient"), replicates=200)
    citizen, _ = find_drivers(scores, settings, audience="citizen")
    enterprise, _ = find_drivers(scores, settings, audience="enterprise")
    assert citizen.predictors[0] == "quick"
    assert enterprise.predictors[0] == "patient"
    assert enterprise.r2[0] == pytest.approx(1)
    assert citizen.n == enterprise.n == 600


def test_predictors_of_other_tables_are_compared_between_units(made):
    settings = DriverSettings(outcome="content", of=("speed", "reach"), replicates=200)
    scores = made()
    drivers, _ = find_drivers(scores, settings)
    assert (drivers.level, drivers.source, drivers.n) == ("units", "units", 30)
    expected = np.corrcoef([scores.of(name).to_numpy() for name in ("speed", "reach", "content")])
    design = np.linalg.solve(expected[:2, :2], expected[:2, 2])
    assert drivers.r2[0] == pytest.approx(design @ expected[:2, 2], abs=1e-9)
    assert "而非单份记录" in data_sentence(drivers, scores.system)


def test_without_another_leaf_in_its_table_all_other_leaves_explain_the_outcome(made):
    drivers, _ = find_drivers(made(), DriverSettings(outcome="reach", replicates=200))
    assert drivers.level == "units"
    assert set(drivers.predictors) == {"speed", "care", "content", "staff"}


def test_too_few_joint_answers_turn_to_units_and_too_few_units_to_nothing(made):
    def sparse(tables):
        answers = tables["responses"]
        first = np.arange(len(answers)) % 2 == 0
        tables["responses"] = answers.assign(quick=answers["quick"].where(first),
                                             pleased=answers["pleased"].where(~first))  # fmt: skip

    drivers, findings = find_drivers(made(change=sparse), CONTENT)
    assert drivers.level == "units"
    assert "drivers-between-units" in checks(findings)
    nothing, findings = find_drivers(made(units=4, change=sparse), CONTENT)
    assert nothing is None
    assert "too-few-for-drivers" in checks(findings)


def test_records_that_lack_an_answer_are_counted(made):
    def blank(tables):
        answers = tables["responses"]
        tables["responses"] = answers.assign(
            quick=answers["quick"].mask(np.arange(len(answers)) < 7)
        )

    drivers, findings = find_drivers(made(change=blank), CONTENT)
    assert drivers.n == 1193
    assert [(f.check, f.count) for f in findings] == [("incomplete-for-drivers", 7)]


def test_an_indicator_of_two_items_needs_only_the_coverage_it_is_scored_with(made):
    def blank(tables):
        tables["responses"]["patient"] = np.nan

    drivers, findings = find_drivers(made(change=blank), CONTENT)
    assert drivers.n == 1200
    assert findings == ()


def test_a_constant_outcome_is_not_explained_and_a_constant_predictor_left_out(made):
    def flat(column):
        def change(tables):
            tables["responses"][column] = 7.3

        return change

    nothing, findings = find_drivers(made(change=flat("pleased")), CONTENT)
    assert nothing is None
    assert checks(findings) == {"constant-driver-outcome": "content"}
    drivers, findings = find_drivers(made(change=flat("quick")), CONTENT)
    assert drivers.predictors == ("care",)
    assert checks(findings) == {"constant-driver": "speed"}


def test_predictors_that_determine_each_other_are_told_and_share(made):
    def copied(tables):
        tables["responses"]["kind"] = tables["responses"]["quick"]

    settings = DriverSettings(outcome="content", of=("quick", "kind"), replicates=200)
    drivers, findings = find_drivers(made(change=copied), settings)
    assert checks(findings) == {"collinear-drivers": "quick, kind"}
    assert drivers.share[0] == pytest.approx([0.5, 0.5], abs=1e-6)


def test_one_unit_has_shares_without_intervals(made):
    drivers, findings = find_drivers(made(units=1, responses=200), CONTENT)
    assert drivers.share[0].sum() == pytest.approx(1)
    assert np.isnan(drivers.share[1:]).all()
    assert drivers.table()["direction"].tolist() == ["unclear"] * 2
    assert "few-units-for-drivers" in checks(findings)
    assert "至" not in drivers_sentence(drivers, made(units=1).system)


def test_weights_of_zero_leave_no_records(made):
    drivers, findings = find_drivers(made(weight=0.0), CONTENT)
    assert drivers is None
    assert "too-few-for-drivers" in checks(findings)


def test_wrong_names_are_told_at_once_with_the_nearest_right_one(made):
    with pytest.raises(InputError) as raised:
        find_drivers(made(units=2), DriverSettings(outcome="contents", of=("sped", "care")))
    found = {finding.column: finding.hint for finding in raised.value.findings}
    assert found == {
        "drivers.outcome": "did you mean 'content'?", "drivers.of.sped": "did you mean 'speed'?",
    }  # fmt: skip
    with pytest.raises(InputError, match="share items"):
        find_drivers(made(units=2), DriverSettings(outcome="content", of=("pleased",)))
    with pytest.raises(InputError, match="share items"):
        find_drivers(made(units=2), DriverSettings(outcome="content", of=("care", "kind")))
    with pytest.raises(InputError, match="did you mean 'citizen'"):
        find_drivers(made(units=2), CONTENT, audience="citizens")
    with pytest.raises(ValueError, match="once"):
        DriverSettings(outcome="content", of=("care", "care"))


def test_many_predictors_are_weighed_by_johnsons_method(monkeypatch, made):
    monkeypatch.setattr("analysis.drivers.drivers.EXACT", 1)
    drivers, _ = find_drivers(made(), CONTENT)
    assert drivers.method == "relative_weights"
    monkeypatch.undo()
    exact, _ = find_drivers(made(), CONTENT)
    assert drivers.share[0] == pytest.approx(exact.share[0], abs=1e-9)  # two predictors: the same


def test_tables_and_sentences_tell_the_same_figures(made):
    scores = made()
    drivers, _ = find_drivers(scores, CONTENT)
    table, model = drivers.table(), drivers.model().iloc[0]
    assert table["importance"].sum() == pytest.approx(model["r2"])
    assert (table["importance_low"] <= table["importance"]).all()
    assert table["rank"].tolist() == [1, 2]
    assert table["direction"].tolist() == ["positive", "positive"]
    zh, en = (drivers_sentence(drivers, scores.system, lang) for lang in ("zh", "en"))
    share = f"{100 * table['share'][0]:.1f}%"
    assert f"“快”（{share}，" in zh
    assert zh.endswith("相关不等于因果。")
    assert f"speed ({share}, " in en
    assert "同一城市、同类服务对象内部" in data_sentence(drivers, scores.system)
    assert "1,200 questionnaires of 30 units" in data_sentence(drivers, scores.system, "en")
    alone, _ = find_drivers(scores, DriverSettings(outcome="content", of=("speed",)))
    assert "可由“快”解释" in drivers_sentence(alone, scores.system)
    assert "speed accounts for" in drivers_sentence(alone, scores.system, "en")
