"""The selection and gaming of questionnaires, judged from the scores of an edition."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from indicators.measure import PointsTable
from indicators.scores import Scores
from survey.findings import Finding, Severity
from survey.records import Records
from survey.selection.against_calls import FAINT, Line, survey_against_calls
from survey.selection.gaming import judge
from survey.selection.gaps import Answers, Gaps, source_gaps
from survey.selection.settings import SelectionSettings
from survey.weighting.reweighting import weight_table

DISTRIBUTED = "hotline_distributed"
_MOST_NAMED = 10
_COLUMNS = [
    "unit", "n_independent", "n_distributed", "share_distributed", "mean_independent",
    "mean_distributed", "gap", "gap_low", "gap_high", "typical_gap", "z", "p", "p_adjusted",
    "sd_ratio", "sd_z", "sd_p", "sd_p_adjusted", "top_independent", "top_distributed",
    "seconds_ratio", "survey_score", "call_score", "expected_survey", "residual_z", "residual_p",
    "residual_p_adjusted", "flags", "verdict",
]  # fmt: skip
_AGAINST = [
    "unit", "survey_score", "survey_se", "survey_rank", "call_score", "call_se", "call_rank",
    "expected_survey", "residual_z",
]  # fmt: skip


@dataclass(frozen=True)
class SelectionQuality:
    """What the questionnaires say of how they were collected.

    Parameters
    ----------
    gaps
        One row a unit with all the evidence, flags and verdict: see
        `survey.selection.gaps.source_gaps` and `survey.selection.gaming.judge`.
    survey_against_calls
        Scores of distributed questionnaires (of all where a unit has no source on any) against
        those of mystery calls, in points, with ranks: one row a unit that has both.
    design_effects
        `survey.weighting.reweighting.weight_table` by unit.
    findings
        What was found, and what could not be judged.
    """

    gaps: pd.DataFrame
    survey_against_calls: pd.DataFrame
    design_effects: pd.DataFrame
    findings: tuple[Finding, ...]


def selection_quality(
    scores: Scores,
    records: Records,
    level: float = 0.95,
    settings: SelectionSettings | None = None,
) -> SelectionQuality:
    """Judge whether the questionnaires of each unit were selected or gamed.

    Points are set against the national mean of their item and audience, so that neither what was
    asked nor whom makes a gap; the national mean is added again, so that they read as points.

    Parameters
    ----------
    scores
        Scores with the points of ``responses`` and, for the third test, of ``calls``.
    records
        The records, for the names of their files.
    level
        Of the intervals of the gaps.
    settings
        Thresholds.
    """
    settings = settings or SelectionSettings()
    tables = {table.table: table for table in scores.points}
    if "responses" not in tables:
        empty = pd.DataFrame(columns=_COLUMNS)
        return SelectionQuality(empty, pd.DataFrame(columns=_AGAINST), pd.DataFrame(), ())
    responses, file = tables["responses"], records.files.get("responses", "")
    answers = _answers(responses, scores.system.scale)
    gaps = source_gaps(
        answers, scores.units, least=settings.least, least_units=settings.least_units, level=level
    )
    own = responses.weight * _handed_out(responses)
    survey = _means(answers.unit, answers.points, own, len(scores.units), settings.least)
    calls = _call_means(tables.get("calls"), len(scores.units))
    against, line = survey_against_calls(*survey, *calls, least_units=settings.least_units)
    against.insert(0, "unit", list(scores.units))
    evidence = pd.concat([gaps.table, against.drop(columns="unit")], axis=1)
    judged = judge(evidence, settings)[_COLUMNS]
    names = pd.DataFrame({"unit": scores.units, "audience": ""})
    effects = weight_table(responses.weight, responses.unit, names)
    found = _findings(judged, gaps, line, responses, settings)
    there = against["residual_z"].notna()
    return SelectionQuality(
        judged,
        against.loc[there, _AGAINST].reset_index(drop=True),
        effects[effects["n"] > 0].reset_index(drop=True),
        tuple(_filed(found, file)),
    )


def _handed_out(responses: PointsTable) -> np.ndarray:
    """Tell which questionnaires show what the hotline's own collecting gives.

    Those it handed out; all of a unit that has no source on any, as most such files come from the
    hotlines themselves.
    """
    source = responses.frame["source"]
    told = np.bincount(responses.unit, source.notna().to_numpy(), responses.unit.max(initial=0) + 1)
    return (source == DISTRIBUTED).to_numpy(bool) | (told == 0)[responses.unit]


def _answers(responses: PointsTable, scale: float) -> Answers:
    frame, points = responses.frame, responses.points
    answered = (~np.isnan(points)).sum(axis=1)
    best = (points >= scale - 1e-9).sum(axis=1)
    return Answers(
        unit=responses.unit,
        distributed=(frame["source"] == DISTRIBUTED).to_numpy(bool),
        points=_levelled(responses),
        top=np.divide(best, answered, out=np.full(len(best), np.nan), where=answered > 0),
        seconds=frame["duration_seconds"].to_numpy(float),
        weight=np.where(frame["source"].isna(), 0.0, responses.weight),
    )


def _levelled(table: PointsTable) -> np.ndarray:
    """Return the mean points of each record, as if all had been asked the same, shape (n,)."""
    groups = int(table.audience.max(initial=-1)) + 2
    sums, count = np.zeros(len(table.unit)), np.zeros(len(table.unit))
    means = []
    for column in table.points.T:
        there = ~np.isnan(column)
        place, weight = table.audience[there] + 1, table.weight[there]
        total = np.bincount(place, weight, groups)
        held = np.bincount(place, weight * column[there], groups)
        mean = np.divide(held, total, out=np.zeros(groups), where=total > 0)
        sums[there] += column[there] - mean[place]
        count += there
        if total.sum() > 0:
            means.append(held.sum() / total.sum())
    level = float(np.mean(means)) if means else np.nan
    return level + np.divide(sums, count, out=np.full(len(sums), np.nan), where=count > 0)


def _call_means(calls: PointsTable | None, units: int) -> tuple[np.ndarray, np.ndarray]:
    """Return mean points of the calls of each unit and their standard errors."""
    if calls is None:
        return np.full(units, np.nan), np.full(units, np.nan)
    recording = calls.frame["recording"]
    first = (recording.isna() | ~recording.duplicated()).to_numpy()
    return _means(calls.unit, _levelled(calls), calls.weight * first, units, 2)


def _means(
    unit: np.ndarray, points: np.ndarray, weight: np.ndarray, units: int, least: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return weighted means and their linearised standard errors, NaN under `least` records."""
    kept = np.isfinite(points) & (weight > 0)
    unit, points, weight = unit[kept], points[kept], weight[kept]
    n, total = np.bincount(unit, minlength=units), np.bincount(unit, weight, units)
    held = np.bincount(unit, weight * points, units)
    mean = np.divide(held, total, out=np.full(units, np.nan), where=total > 0)
    squares = np.bincount(unit, (weight * (points - mean[unit])) ** 2, units)
    with np.errstate(invalid="ignore", divide="ignore"):
        se = np.sqrt(squares * n / (n - 1)) / total
    enough = n >= max(least, 2)
    return np.where(enough, mean, np.nan), np.where(enough, se, np.nan)


def _findings(
    judged: pd.DataFrame,
    gaps: Gaps,
    line: Line,
    responses: PointsTable,
    settings: SelectionSettings,
) -> Iterator[Finding]:
    blank = int(responses.frame["source"].isna().sum())
    if blank:
        yield Finding(
            "source-unknown", Severity.WARNING, column="source",
            expected="independent or hotline_distributed for every questionnaire",
            got=f"blank in {blank} of {len(responses.frame)}",
            hint="they are in no gap between sources", count=blank,
        )  # fmt: skip
    verdicts = judged["verdict"].value_counts()
    for verdict, expected in (
        ("few-answers", f"{settings.least} answers or more of each source"),
        ("few-units", f"{settings.least_units} units with both sources"),
    ):
        if count := int(verdicts.get(verdict, 0)):
            yield Finding(verdict, Severity.NOTE, column="source", expected=expected,
                          got=f"fewer for {count} units", hint="they are not judged",
                          count=count)  # fmt: skip
    if not int(judged["n_distributed"].sum()):
        yield Finding("no-distributed", Severity.NOTE, column="source",
                      got="no questionnaire that a hotline handed out",
                      hint="there is no gap between sources to judge")  # fmt: skip
    elif np.isfinite(gaps.gap.centre):
        yield Finding(
            "typical-gap", Severity.NOTE, column="source",
            got=f"questionnaires that hotlines hand out score {gaps.gap.centre:+.2f} points "
            f"against independent ones in the typical unit, give or take {gaps.gap.spread:.2f}",
            hint="only what goes beyond is flagged", count=gaps.gap.units,
        )  # fmt: skip
    if line.reliability < FAINT:
        yield Finding(
            "calls-too-faint", Severity.WARNING, column="calls",
            expected="call scores that tell units apart",
            got=f"{100 * line.reliability:.0f} % of their variance is more than chance",
            hint="surveys are set against their mean, not against the calls", count=line.units,
        )  # fmt: skip
    yield from _suspects(judged)


def _suspects(judged: pd.DataFrame) -> Iterator[Finding]:
    suspect = judged[judged["verdict"] == "suspect"]
    for row in suspect.head(_MOST_NAMED).itertuples():
        parts = {
            "gap": f"gap of {row.gap:+.2f} points, typically {row.typical_gap:+.2f}",
            "uniform": f"answers spread {row.sd_ratio:.2f} times as far as independent ones",
            "survey-above-calls": f"survey {row.survey_score:.2f} where the calls let expect "
            f"{row.expected_survey:.2f}",
        }
        told = "; ".join(parts[flag] for flag in str(row.flags).split(";"))
        yield Finding("survey-suspect", Severity.WARNING, column=str(row.unit),
                      expected="a survey in line with other sources", got=told,
                      hint="look into how it was collected before it counts")  # fmt: skip
    rest = len(suspect) - _MOST_NAMED
    if rest > 0:
        yield Finding("survey-suspect", Severity.WARNING,
                      expected="a survey in line with other sources",
                      got=f"{rest} more units", hint="see the table", count=rest)  # fmt: skip


def _filed(findings: Iterator[Finding], file: str) -> Iterator[Finding]:
    return (replace(finding, file=file) for finding in findings)
