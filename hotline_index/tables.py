"""Tables of the results that tell what was assessed: units, indicators, sample, findings."""

from collections.abc import Sequence
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.published.audit import audit_published
from analysis.published.audit_terms import Outline
from analysis.published.figures import PublishedFigures
from hotline_index.edition import Edition
from hotline_index.folders import named
from indicators.nodes import Words
from indicators.rules import meets
from indicators.scores import Scores
from indicators.system import System
from survey.findings import Finding, Severity, display_path
from survey.records import Records

SOFTWARE = (
    "hotline-index", "numpy", "pandas", "pyarrow", "pypinyin", "pyreadstat", "python-calamine",
    "rjieba", "scipy", "sqlalchemy", "statsmodels", "xlsxwriter",
)  # fmt: skip
"""What the manifest gives the version of."""


def unit_table(
    edition: Edition, names: Sequence[str], published: PublishedFigures | None
) -> pd.DataFrame:
    """Return the units assessed with what the register knows of them, and who was commended."""
    table = edition.register.table.reindex(pd.Index(names, name="unit")).reset_index()
    if published is not None and not published.commended.empty:
        table["commended"] = table["unit"].isin(published.commended["unit"].dropna())
    return table


def printed_shares(published: PublishedFigures) -> pd.DataFrame:
    """Return the printed number and share of each single grade, as fractions."""
    single = published.shares[published.shares["grades"].isin(published.order)]
    single = single.dropna(subset=["count", "share"]).drop_duplicates("grades")
    share = single["share"].str.rstrip("%％").astype(float) / 100
    return pd.DataFrame(
        {"grade": single["grades"], "n": single["count"].astype(float), "share": share}
    )


def indicator_table(system: System, scores: Scores | None = None) -> pd.DataFrame:
    """Return the indicators of the system below the total, in the order of the tree.

    Parameters
    ----------
    system
        The system.
    scores
        Scores under it, whose weights are told where the system leaves them to a method.
    """
    tree = scores.hierarchy if scores else system.hierarchy
    note = system.weights_note or Words(zh="", en="")
    rows = [
        {
            "indicator": node.id,
            "parent": tree.ids[tree.parent[place]],
            "level": int(tree.depth[place]),
            "role": node.role,
            "zh": node.zh,
            "en": node.en,
            "definition_zh": node.definition.zh if node.definition else "",
            "definition_en": node.definition.en if node.definition else "",
            "weight": round(float(tree.weight[place]), 4),
            "weight_note": note.zh,
            "weight_note_en": note.en,
            "items": len(node.items),
            "order": place,
        }
        for place, node in enumerate(system.nodes(), start=1)
    ]
    return pd.DataFrame(rows)


def sample_table(edition: Edition, records: Records) -> pd.DataFrame:
    """Count the records, units, shoppers and blank answers of each table."""
    rows = []
    for name, frame in records.tables.items():
        reached = frame[frame["outcome"] == "answered"] if "outcome" in frame else frame
        rows.append(
            {
                "table": name,
                "records": len(frame),
                "units": frame["unit"].nunique(),
                "shoppers": frame["shopper"].nunique() if "shopper" in frame else None,
                "missing_share": _blank(reached, name, edition),
            }
        )
    return pd.DataFrame(rows)


def _blank(frame: pd.DataFrame, table: str, edition: Edition) -> float | None:
    """Return the share of answers left blank among those that were asked of the record."""
    due: dict[str, np.ndarray] = {}
    for _, item in edition.system.leaf_items():
        if item.table != table or table == "kpis":
            continue
        asked = meets(frame, item.where)
        for column in (answer.name for answer in item.answers()):
            if column in frame and column != "outcome":
                due[column] = due.get(column, False) | asked
    if not due:
        return None
    blank = sum(int((frame[column].isna() & asked).sum()) for column, asked in due.items())
    return blank / max(sum(int(asked.sum()) for asked in due.values()), 1)


def case_table(scores: Scores) -> pd.DataFrame:
    """Return the innovation cases with their scores, the best first.

    Parameters
    ----------
    scores
        Scores whose records hold ``cases``.

    Returns
    -------
    One row a case of an assessed unit: case_id, unit, kind, title, text (as read, private things
    masked), score, reviewers (how many are named). A case without a score comes last.

    Notes
    -----
    The points of a review are averaged as the index averages them: over the items of an indicator
    by their weights, then over indicators by theirs, as far as the review bears on them. The score
    of a case is the mean over its reviews by their weights.
    """
    tree = scores.hierarchy
    (points,) = (each for each in scores.points if each.table == "cases")
    there = ~np.isnan(points.points)
    leaf = tree.item_leaf[points.items]
    of_leaf = (leaf[:, None] == np.unique(leaf)) * tree.item_weight[points.items][:, None]
    weight = there @ of_leaf
    by_leaf = np.divide(
        np.where(there, points.points, 0) @ of_leaf, weight,
        out=np.zeros_like(weight), where=weight > 0,
    )  # fmt: skip
    share = (weight > 0) * tree.weight[np.unique(leaf)]
    with np.errstate(invalid="ignore"):
        review = (by_leaf * share).sum(axis=1) / share.sum(axis=1)
    counted = points.weight * ~np.isnan(review)
    table = (
        points.frame.assign(score=np.nan_to_num(review) * counted, counted=counted)
        .groupby("case_id", sort=False, as_index=False)
        .agg(
            unit=("unit", "first"), kind=("kind", "first"), title=("title", "first"),
            text=("text", "first"), score=("score", "sum"), counted=("counted", "sum"),
            reviewers=("reviewer", "nunique"),
        )
    )  # fmt: skip
    table["score"] = table["score"] / table.pop("counted").where(lambda sum_: sum_ > 0)
    return table.sort_values(["score", "case_id"], ascending=[False, True], ignore_index=True)


def figure_audit(
    edition: Edition, published: PublishedFigures, indicators: pd.DataFrame, units: pd.DataFrame
) -> pd.DataFrame:
    """Audit published figures against each other, under the names that the edition has."""
    audiences = {name: (each.zh, each.en) for name, each in edition.system.audiences.items()}
    return audit_published(published, Outline.of(indicators, audiences), units)


def finding_table(findings: Sequence[Finding], folder: Path) -> pd.DataFrame:
    """Return one row a finding, its file named from the folder above the edition's `folder`."""
    columns = [field.name for field in fields(Finding)]
    table = pd.DataFrame([[getattr(f, c) for c in columns] for f in findings], columns=columns)
    table["file"] = [named(Path(file), folder) if file else "" for file in table["file"]]
    return table.astype({"file": "str", "row": "Int64", "severity": "str"})


def findings_of(table: pd.DataFrame, folder: Path) -> tuple[Finding, ...]:
    """Return the findings that `finding_table` wrote, their files as they are displayed."""
    columns = [field.name for field in fields(Finding)]
    return tuple(
        Finding(
            check,
            Severity(severity),
            display_path(folder.resolve().parent / file) if file else "",
            None if pd.isna(row) else int(row),
            *rest,
        )
        for check, severity, file, row, *rest in table[columns].itertuples(index=False, name=None)
    )


def edition_meta(edition: Edition, units: int, *, records: bool) -> dict[str, object]:
    """Return what the edition is, for the report."""
    config = edition.config
    return {
        "edition": config.edition,
        "year": config.year,
        "title": config.title.model_dump(),
        "publisher": config.publisher.model_dump(),
        "dated": config.dated.model_dump(),
        "simulated": config.simulated,
        "kind": "records" if records else "published",
        "units": units,
        "level": config.uncertainty.level,
        "replicates": config.uncertainty.replicates if records else None,
        "seed": config.uncertainty.seed,
        "scheme": scheme_words(edition, records=records),
        "sources": [source.model_dump() for source in config.sources],
        "slots": dict(config.slots),
        "versions": software(),
        "licence": config.licence,
        "map": _map_meta(edition),
    }


def software() -> dict[str, str]:
    """Return the versions of the software that decides results."""
    return {name: version(name) for name in SOFTWARE}


def _map_meta(edition: Edition) -> dict[str, object] | None:
    source = edition.config.map
    if source is None:
        return None
    return {
        "path": source.boundaries.as_posix(),
        "source": source.source.model_dump(),
        "approval": source.approval,
    }


def scheme_words(edition: Edition, *, records: bool) -> dict[str, str]:
    """Say in words how grades were given."""
    if not records:
        return {
            "zh": "等级取自原报告，原报告未公布划分等级的分数线",
            "en": "Grades are those of the report, which published no cut points",
        }
    scheme = edition.config.grading
    return {"zh": scheme.words("zh"), "en": scheme.words("en")}
