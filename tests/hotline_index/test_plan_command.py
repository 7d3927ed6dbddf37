"""What a user sees of ``hotline-index plan``, and what it says is held against the bootstrap."""

import hashlib
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from analysis.grades.grading import grade_units
from analysis.grades.schemes import GRADES, SupportedScheme
from analysis.published.figures import read_published
from analysis.uncertainty.bootstrap import bootstrap
from hotline_index.cli import cli
from hotline_index.edition import open_edition
from hotline_index.plan_command import plan
from hotline_index.planning.precision import edition_parts, grading
from hotline_index.planning.slot_variance import slot_variance
from hotline_index.progress import Quiet
from hotline_index.reading import plain_scores, read_and_check
from hotline_index.simulation import simulate, simulate_edition
from indicators.scores import score
from survey.plan.precision import expected_se, simulate_design
from survey.records import Records
from survey.simulate import simulate_campaign

ROOT = Path(__file__).parents[2]
DEMO = {
    "calls.csv": "7bac82d9294b7d4b0eb019732a40c6b0f4d5da446f2e07dcd607382255db2da2",
    "cases.csv": "6adb0be258914760d892fcb4560705bc4ba81951ca42e6492ee3a01b2183e739",
    "kpis.csv": "aa51111547f15d5d4f98a1aab781d198b656ff3d9c704fa4d7cd1e9d545e5155",
    "responses.csv": "5799a9c35a973aa82126d274fe4abbc96bfd693f0354777302d300583a56bc78",
}
"""SHA-256 of the demo's records, from before campaigns could follow a plan."""
PLAN = {"start": "2021-09-06", "end": "2021-09-24", "shoppers": 12, "seed": 3}


def call(*arguments) -> tuple[int, str]:
    result = CliRunner().invoke(plan, [str(each) for each in arguments])
    assert "Traceback" not in result.output
    assert "internal error" not in result.output
    return result.exit_code, result.output


def changed(folder: Path, **keys) -> Path:
    path = folder / "edition.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    for key, value in keys.items():
        if value is None:
            config.pop(key)
        else:
            config[key] = value | (config.get(key) or {}) if key == "data" else value
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def coming(small_edition, tmp_path_factory) -> Path:
    """An edition without records that plans after another that has some."""
    both = tmp_path_factory.mktemp("plans")
    shutil.copytree(small_edition, both / "small")
    folder = both / "coming"
    shutil.copytree(small_edition, folder, ignore=shutil.ignore_patterns("data"))
    wanted = {"se": 0.3, "right_grades": 0.99}
    changed(folder, edition="coming", plan=PLAN | {"like": "../small", "wanted": wanted})
    return changed(folder, data={"plan": "plan/plan.csv"})


@pytest.fixture(scope="module")
def planned(coming) -> tuple[Path, str]:
    code, output = call(coming)
    assert code == 0, output
    return coming / "plan", output


def test_a_plan_is_written_whole_and_told(planned):
    folder, output = planned
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "plan.csv", "plan.ics", "balance.csv", "precision.csv", "manifest.json", "shoppers",
    }  # fmt: skip
    table = pd.read_csv(folder / "plan.csv")
    assert table["role"].value_counts().to_dict() == {"main": 288, "double": 29, "back_check": 14}
    assert "12个评估对象各拨打24次，共288次；12名拨测员每人24次" in output
    assert "12 units, 24 calls each, 288 in all; 12 shoppers with 24 calls each" in output
    assert "每个评估对象拨打24次时，总分标准误约" in output
    assert "The standard error wanted takes" in output
    assert "to the same unit" in output


def test_precision_and_balance_are_tables(planned):
    precision = pd.read_csv(planned[0] / "precision.csv")
    assert precision["calls"].tolist() == [8, 16, 24, 36, 48, 72, 96]
    assert precision["se"].is_monotonic_decreasing
    balance = pd.read_csv(planned[0] / "balance.csv").set_index(["of", "by"])
    assert balance.loc[("unit", "cell"), "most"] == 1
    assert balance.loc[("shopper", "unit"), "most"] == 2


def test_the_same_edition_gives_the_same_bytes_again(planned, coming):
    before = json.loads((planned[0] / "manifest.json").read_text("utf-8"))
    code, output = call(coming)
    assert code == 0
    assert "changed" not in output
    after = json.loads((planned[0] / "manifest.json").read_text("utf-8"))
    assert before == after
    assert len(before) > 40


def replanned(coming: Path, tmp_path: Path) -> Path:
    """Copy the planned edition, and wish for another plan."""
    shutil.copytree(coming.parent, tmp_path / "both")
    folder = tmp_path / "both/coming"
    return changed(folder, plan=PLAN | {"like": "../small", "seed": 4})


def test_another_plan_tells_how_much_changed(planned, coming, tmp_path):
    folder = replanned(coming, tmp_path)
    code, output = call(folder, "--no-precision")
    assert code == 0
    assert "rows of the earlier plan changed" in output
    assert not (folder / "plan/precision.csv").exists()
    assert "标准误" not in output


def test_a_plan_whose_calls_were_made_is_replaced_by_force_only(planned, coming, tmp_path):
    folder = replanned(coming, tmp_path)
    (folder / "data").mkdir()
    (folder / "data/calls.csv").write_text(
        "call_id,unit\nc0001,北京\nc0007,上海\n", encoding="utf-8"
    )
    before = (folder / "plan/plan.csv").read_bytes()
    code, output = call(folder, "--no-precision")
    assert code == 1
    assert "plan-in-use" in output
    assert "got 2 of 331 calls in" in output
    assert (folder / "plan/plan.csv").read_bytes() == before
    assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    assert call(folder, "--no-precision", "--force")[0] == 0
    assert (folder / "plan/plan.csv").read_bytes() != before


def test_calls_in_a_folder_of_sheets_count_as_made(planned, coming, tmp_path):
    folder = replanned(coming, tmp_path)
    made = pd.read_csv(planned[0] / "plan.csv", dtype=str).head(2)
    (folder / "sheets").mkdir()
    for at in range(2):
        made.iloc[[at]].to_csv(folder / f"sheets/{at}.csv", index=False)
    changed(folder, data=None)
    changed(folder, data={"calls": "sheets"})
    code, output = call(folder, "--no-precision")
    assert code == 1 and "plan-in-use" in output and "2 of 331 calls" in output


def test_what_was_entered_into_a_sheet_is_not_lost(planned, coming, tmp_path):
    folder = replanned(coming, tmp_path)
    sheet = folder / "plan/shoppers/s01/caller-citizen.xlsx"
    sheet.write_bytes(b"filled in")
    code, output = call(folder, "--no-precision")
    assert code == 1
    assert "changed-files" in output
    assert "shoppers/s01/caller-citizen.xlsx, new or changed since" in output
    assert sheet.read_bytes() == b"filled in"


def test_a_folder_of_other_things_is_left_alone(planned, coming, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/mine.txt").write_text("dear", encoding="utf-8")
    code, output = call(coming, "--out", tmp_path / "letters", "--no-precision")
    assert code == 1
    assert "mine.txt" in output
    assert (tmp_path / "letters/mine.txt").exists()


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"plan": None}, "[plan] plan: expected the key 'plan', got none"),
        ({"plan": PLAN | {"shoppers": 2}}, "infeasible-plan"),
        ({"plan": PLAN | {"start": "2031-03-03", "end": "2031-04-01"}}, "calendar-unknown"),
        ({"plan": PLAN | {"dayly": 3}}, "did you mean 'daily'?"),
        (
            {"plan": PLAN | {"shoppers": [{"home": "长纱"}, {}] * 6}},
            "edition.yaml [plan.shoppers.home] unknown-unit",
        ),
        ({"plan": PLAN | {"like": str(ROOT / "editions/2021")}}, "no-records"),
        ({"plan": PLAN | {"like": "../nowhere"}}, "no-edition"),
        (
            {"plan": PLAN, "slots": {f"s{n}": "上午" for n in range(1, 7)}},
            "hours such as 08:00–10:00",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(coming, tmp_path, keys, said):
    folder = tmp_path / "coming"
    shutil.copytree(coming, folder, ignore=shutil.ignore_patterns("plan"))
    changed(folder, **keys)
    code, output = call(folder, "--precision")
    assert code == 1
    assert said in output
    assert not (folder / "plan").exists()


def test_without_records_there_is_a_plan_and_a_word_on_what_is_left_out(coming, tmp_path):
    folder = tmp_path / "coming"
    shutil.copytree(coming, folder, ignore=shutil.ignore_patterns("plan"))
    changed(folder, plan=PLAN)
    code, output = call(folder)
    assert code == 0
    assert "no records to tell the precision by" in output


def test_records_to_go_by_that_are_not_there_are_an_error_unless_left_out(coming, tmp_path):
    folder = shutil.copytree(coming, tmp_path / "coming")
    changed(folder, plan=PLAN | {"like": "../2019"})
    code, output = call(folder, "--out", tmp_path / "plan")
    assert code == 1 and "2019" in output and not (tmp_path / "plan").exists()
    assert call(folder, "--out", tmp_path / "plan", "--no-precision")[0] == 0


def test_homes_may_go_by_another_name(coming, tmp_path):
    folder = tmp_path / "coming"
    shutil.copytree(coming, folder, ignore=shutil.ignore_patterns("plan"))
    team = [{"name": "甲", "home": "长沙市"}, *({"name": f"人{n}"} for n in range(12))]
    changed(folder, plan=PLAN | {"shoppers": team})
    assert call(folder, "--no-precision")[0] == 0
    table = pd.read_csv(folder / "plan/plan.csv")
    main = table[table["role"] == "main"]
    assert "长沙" not in set(main.loc[main["shopper"] == "s01", "unit"])


def test_a_simulated_edition_can_follow_its_plan(planned, coming, tmp_path):
    folder = tmp_path / "coming"
    shutil.copytree(coming, folder)
    config = yaml.safe_load((folder / "edition.yaml").read_text("utf-8"))
    handed = {"share": 0.3, "inflation": 0.6, "units": ["长沙"]}
    config["simulation"] |= {"follow_plan": True, "handed_out": handed}
    changed(folder, simulation=config["simulation"])
    before = (folder / "plan/plan.csv").read_bytes()
    simulate_edition(open_edition(folder))
    assert (folder / "plan/plan.csv").read_bytes() == before
    records, _ = read_and_check(open_edition(folder))
    table = pd.read_csv(folder / "plan/plan.csv")
    assert set(records["calls"]["call_id"]) == set(table["call_id"])
    assert records["calls"]["recording"].duplicated().sum() == 29 + 14
    by = records["responses"].groupby("source")["unit"].unique()
    assert by["hotline_distributed"].tolist() == ["长沙"]
    assert plain_scores(open_edition(folder), Quiet())[0].of("total").notna().all()


def test_a_simulation_cannot_follow_a_plan_that_is_not_named(edition):
    config = yaml.safe_load((edition / "edition.yaml").read_text("utf-8"))
    changed(edition, simulation=config["simulation"] | {"follow_plan": True}, plan=PLAN)
    code, output = call(edition)
    assert code == 1
    assert "data: {plan: …}" in output


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    both = tmp_path_factory.mktemp("editions")
    shutil.copytree(ROOT / "editions/2021", both / "2021")
    (both / "demo").mkdir()
    shutil.copy(ROOT / "editions/demo/edition.yaml", both / "demo")
    simulate_edition(open_edition(both / "demo"))
    return both / "demo"


def test_the_records_of_the_demo_are_the_same_bytes_as_ever(demo):
    hashes = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (demo / "data").iterdir()
    }
    assert hashes == DEMO


def test_a_units_own_slots_are_told_from_chance(demo):
    scores, _ = plain_scores(open_edition(demo), Quiet())
    assert slot_variance(scores) < 0.05
    calls = next(table for table in scores.points if table.table == "calls")
    slot = pd.factorize(calls.frame["slot"])[0]
    size = (len(scores.units), 2, slot.max() + 1)
    own = np.random.default_rng(0).normal(0, 1, size)[calls.unit, calls.audience, slot]
    moved = replace(calls, points=calls.points + own[:, None])
    tables = tuple(moved if table is calls else table for table in scores.points)
    # Calls tell all of the goals, four fifths of the process and nothing of the values.
    expected = 2 * (((1 + 4 / 5) / 3) / 2) ** 2
    assert slot_variance(replace(scores, points=tables)) == pytest.approx(expected, rel=0.15)


@pytest.mark.slow
def test_what_is_predicted_is_what_the_bootstrap_finds(demo):
    edition = open_edition(demo)
    found = edition_parts(edition, Quiet())
    scores, _ = plain_scores(edition, Quiet())
    draws, _ = bootstrap(scores, replicates=500, seed=1)
    predicted = expected_se(found.parts, found.design)
    assert predicted == pytest.approx(np.median(draws.se[:, -1, 0]), rel=0.04)
    grades = grade_units(scores.score[:, -1, 0], draws, edition.config.grading)
    again = replace(found.parts, truth=found.total)
    simulated = simulate_design(again, found.design, grading(edition, found))
    assert 1 - simulated.right_grade == pytest.approx(1 - grades.p_grade.mean(), abs=0.02)
    assert found.design.calls == 24
    assert found.design.shoppers == 40
    supported = SupportedScheme(supported=GRADES)
    held = replace(edition, config=edition.config.model_copy(update={"grading": supported}))
    codes = grading(held, found)(found.total)
    assert (codes == grade_units(found.total, draws, supported).code).mean() > 0.9


@pytest.mark.slow
def test_what_is_predicted_for_twice_the_calls_is_what_campaigns_do(demo, monkeypatch):
    edition = open_edition(demo)
    found = edition_parts(edition, Quiet())
    stated, tree = edition.config.simulation, edition.system.hierarchy
    assert stated is not None
    published, _ = read_published(edition.folder / stated.like, tree.ids, tree.audiences)

    def doubled(model, items):
        return simulate_campaign(replace(model, calls=2), items)

    monkeypatch.setattr("hotline_index.simulation.simulate_campaign", doubled)
    totals = []
    for draw in range(1, 5):
        records = Records(simulate(edition, published, draw))
        assert edition.sample is not None
        scores, _ = score(records, edition.system, edition.sample, edition.register.table)
        totals.append(scores.of("total").to_numpy())
    spread = np.sqrt(np.var(totals, axis=0, ddof=1).mean())
    predicted = expected_se(found.parts, replace(found.design, calls=48))
    assert predicted == pytest.approx(spread, rel=0.06)


def test_an_edition_may_begin_with_a_plan_alone(tmp_path):
    config = {
        "edition": "new", "year": 2026, "simulated": False, "slots": {"s1": "08:00–10:00"},
        "title": {"zh": "新", "en": "New"}, "publisher": {"zh": "所", "en": "I"},
        "dated": {"zh": "二〇二六年", "en": "2026"}, "sources": [{"id": "a", "zh": "拨测", "en": "calls"}],
        "plan": {"start": "2026-03-02", "end": "2026-04-30", "shoppers": 30},
    }  # fmt: skip
    (tmp_path / "edition.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
    assert CliRunner().invoke(cli, ["plan", str(tmp_path)]).exit_code == 0
    assert (tmp_path / "plan/plan.csv").is_file()
    for command in ("run", "quality"):
        done = CliRunner().invoke(cli, [command, str(tmp_path)])
        assert done.exit_code == 1
        assert "no records yet" in done.output and "internal" not in done.output
    assert not (tmp_path / "results").exists() and not (tmp_path / "quality").exists()
