"""Selection and weights of an edition: gamed cities are named, margins reach the scores."""

import shutil
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import yaml

from benchmarks import planted_selection as planted
from hotline_index.edition import open_edition
from hotline_index.progress import Quiet
from hotline_index.quality.selection import selection_quality
from hotline_index.reading import plain_scores, read_and_check
from indicators.scores import score
from survey.findings import InputError
from survey.records import Records


@pytest.fixture(scope="module")
def clean():
    return planted.campaign(5, (240, 260), 60)


def test_gamed_cities_are_found_and_others_left_alone(clean):
    spoilt, gamers = planted.gamed(clean, 5, 3, 2)
    judged = planted.judged(spoilt)
    found = planted.outcome(planted.judged(clean), judged, gamers)
    assert found.passed, found
    named = {finding.column for finding in judged.findings if finding.check == "survey-suspect"}
    assert named == gamers


def test_the_benchmark_fails_where_cities_are_missed(clean):
    missed = planted.outcome(planted.judged(clean), planted.judged(clean), frozenset(["北京"]))
    assert not missed.passed


def test_tables_hold_every_unit_and_the_same_bytes_twice(clean):
    one, two = planted.judged(clean), planted.judged(clean)
    assert one.gaps["unit"].nunique() == len(one.gaps) == 60
    assert one.gaps.to_csv() == two.gaps.to_csv()
    assert one.survey_against_calls["unit"].nunique() == 60
    assert one.design_effects["deff"].to_numpy() == pytest.approx(1)
    assert one.gaps["typical_gap"].iloc[0] > 0


def with_source(records: Records, source) -> Records:
    frame = records["responses"].assign(source=source)
    return Records({**records.tables, "responses": frame}, records.files)


def test_without_distributed_questionnaires_the_table_says_so(clean):
    judged = planted.judged(with_source(clean, "independent"))
    assert (judged.gaps["verdict"] == "no-distributed").all()
    assert judged.survey_against_calls.empty
    assert "no-distributed" in {finding.check for finding in judged.findings}


def test_questionnaires_of_unknown_source_are_set_against_the_calls_only(clean):
    judged = planted.judged(with_source(clean, np.nan))
    assert judged.gaps["gap"].isna().all()
    assert judged.gaps["residual_z"].notna().all()
    unknown = next(f for f in judged.findings if f.check == "source-unknown")
    assert unknown.count == len(clean["responses"])


def test_only_distributed_questionnaires_leave_the_calls_to_compare_with(clean):
    judged = planted.judged(with_source(clean, planted.DISTRIBUTED))
    assert judged.gaps["p"].isna().all()
    assert judged.gaps["residual_p"].notna().all()
    assert set(judged.gaps["verdict"]) <= {"clear", "suspect"}


def test_without_calls_or_responses_what_is_left_is_judged(clean):
    edition = open_edition(planted.EDITION)
    units = tuple(dict.fromkeys(clean["responses"]["unit"]))
    scores, _ = score(clean, edition.system, units)
    surveys = replace(scores, points=tuple(p for p in scores.points if p.table == "responses"))
    judged = selection_quality(surveys, clean)
    assert judged.gaps["p"].notna().all()
    assert judged.gaps["residual_z"].isna().all()
    none = replace(scores, points=tuple(p for p in scores.points if p.table == "calls"))
    assert selection_quality(none, clean).gaps.empty


MARGINS = "variable,value,share\nsex,男,0.4\nsex,女,0.6\naudience,群众,0.8\naudience,企业,0.2\n"


@pytest.fixture
def weighted(small_edition, tmp_path):
    """Return a small edition whose questionnaires know the sex, with margins of it."""
    folder = shutil.copytree(small_edition, tmp_path / "weighted")
    path = folder / "edition.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8")) | {"margins": "margins.csv"}
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    (folder / "margins.csv").write_text(MARGINS, encoding="utf-8")
    source = folder / config["data"]["responses"]
    frame = pd.read_csv(source, dtype=str)
    sex = np.random.default_rng(0).choice(["男", "女"], len(frame))
    frame.assign(sex=sex).to_csv(source, index=False)
    return folder


def test_margins_of_an_edition_reach_the_weights_of_its_scores(weighted):
    edition = open_edition(weighted)
    records, findings = read_and_check(edition)
    frame = records["responses"]
    weight = frame.groupby(["unit", "sex"])["weight"].sum().unstack()
    assert (weight["男"] / weight.sum(axis=1)).to_numpy() == pytest.approx(0.4, abs=1e-5)
    assert "weights-raked" in {finding.check for finding in findings}
    assert "unexpected-column" not in {finding.check for finding in findings}
    scores, _ = plain_scores(edition, Quiet())
    effects = selection_quality(scores, scores.records).design_effects
    assert (effects["deff"] > 1).all()


def test_an_edition_with_wrong_margins_stops_with_a_finding(weighted):
    (weighted / "margins.csv").write_text(MARGINS.replace("女,0.6", "女,0.5"), encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_and_check(open_edition(weighted))
    assert [finding.check for finding in error.value.findings] == ["shares-off"]


def test_margin_settings_are_checked(weighted):
    path = weighted / "edition.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8"))
    config["margins"] = {"file": "margins.csv", "bound": [0.5, 2]}
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    with pytest.raises(InputError) as error:
        open_edition(weighted)
    assert error.value.findings[0].hint == "did you mean 'bounds'?"
