"""What if: the same records under a changed system, without reading anything again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd

from indicators.hierarchy import ALL, ROOT
from indicators.scores import Scores, score
from indicators.system import System
from indicators.system_file import revised
from survey.findings import Finding, Severity, did_you_mean, raise_errors

Changes = Mapping[str, Mapping[str, Any]]
"""By id of an indicator, an item or an audience (``total`` for the system itself), the keys of its
YAML with their new values."""


@dataclass(frozen=True)
class WhatIf:
    """Scores before and after a change.

    Parameters
    ----------
    before, after
        Of the same records and units.
    findings
        What scoring under the changed system found.
    """

    before: Scores
    after: Scores
    findings: tuple[Finding, ...]

    def table(self, indicator: str = ROOT, audience: str = ALL) -> pd.DataFrame:
        """Compare the ranks of the units, the greatest move first.

        Returns
        -------
        Columns ``unit``, ``score_before``, ``score_after``, ``change``, ``rank_before``,
        ``rank_after``, ``moved`` (places gained; negative for places lost), missing without a
        score.
        """
        sides = {
            side: scores.ranking(indicator, audience).set_index("unit")
            for side, scores in (("before", self.before), ("after", self.after))
        }
        table = pd.DataFrame(
            {
                f"{column}_{side}": ranking[column]
                for column in ("score", "rank")
                for side, ranking in sides.items()
            }
        )
        table = table.reindex(list(self.before.units)).rename_axis("unit").reset_index()
        table.insert(3, "change", table["score_after"] - table["score_before"])
        table["moved"] = table["rank_before"] - table["rank_after"]
        order = table["moved"].abs().fillna(-1).sort_values(ascending=False, kind="stable").index
        return table.loc[order].reset_index(drop=True)

    def sentence(self, lang: Literal["zh", "en"] = "zh", indicator: str = ROOT) -> str:
        """Tell how many units change rank, who moves most, and how alike the two orders are."""
        table = self.table(indicator)
        both = table.dropna(subset=["moved"])
        moved = int((both["moved"] != 0).sum())
        tau = both["rank_before"].astype(float).corr(both["rank_after"].astype(float), "kendall")
        lost = int((table["score_before"].notna() & table["score_after"].isna()).sum())
        if not moved:
            none = {"zh": "名次均不变", "en": "No rank changes"}[lang]
            return none + _without(lost, lang)
        top = both.iloc[0]
        places, unit = int(top["moved"]), top["unit"]
        if lang == "zh":
            way = "上升" if places > 0 else "下降"
            said = f"{len(both)}个对象中{moved}个名次变动，{unit}变动最大，{way}{abs(places)}位"
            return f"{said}；两次排名的肯德尔相关系数为{tau:.2f}" + _without(lost, lang)
        way = "up" if places > 0 else "down"
        said = f"{moved} of {len(both)} units change rank; {unit} moves most, {way} {abs(places)}"
        return f"{said}; Kendall's tau of the two orders is {tau:.2f}" + _without(lost, lang)


def _without(lost: int, lang: Literal["zh", "en"]) -> str:
    if not lost:
        return {"zh": "。", "en": "."}[lang]
    return {"zh": f"；{lost}个对象不再有得分。", "en": f"; {lost} units have no score any more."}[
        lang
    ]


def what_if(
    scores: Scores,
    changes: Changes | None = None,
    *,
    leave_out: Sequence[str] = (),
    system: System | None = None,
) -> WhatIf:
    """Score the same records under a changed system.

    Parameters
    ----------
    scores
        The scores as they are.
    changes
        What changes, such as ``{"goal": {"weight": 2}, "total": {"aggregate": "geometric"}}``.
    leave_out
        Indicators or items to leave out; an indicator that nothing is left of goes, too.
    system
        Another system altogether, in place of `changes`.

    Raises
    ------
    InputError
        For an id or a key that does not exist, with the nearest right one, and for a change that
        the system does not allow.
    """
    changed = changed_system(scores.system, changes or {}, leave_out) if system is None else system
    after, findings = score(scores.records, changed, scores.units, scores.attributes, known=scores)
    return WhatIf(scores, after, findings)


def changed_system(system: System, changes: Changes, leave_out: Sequence[str] = ()) -> System:
    """Return a system with some keys changed and some indicators or items left out.

    Raises
    ------
    InputError
        As `what_if`.
    """
    data = system.model_dump(exclude_unset=True)
    places = dict(_places(data))
    _refuse_unknown([*changes, *leave_out], [*places, ROOT])
    for name, keys in changes.items():
        (data if name == ROOT else places[name]).update(keys)
    if leave_out:
        data["children"] = _kept(data["children"], frozenset(leave_out))
    return revised(system, data)


def _places(data: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield from data.get("audiences", {}).items()
    for node in data.get("children", ()):
        yield node["id"], node
        yield from ((item["id"], item) for item in node.get("items", ()))
        yield from _places({"children": node.get("children", ())})


def _kept(nodes: Sequence[dict[str, Any]], gone: frozenset[str]) -> list[dict[str, Any]]:
    kept = []
    for node in nodes:
        if node["id"] in gone:
            continue
        parts = dict(node)
        if node.get("children"):
            parts["children"] = _kept(node["children"], gone)
        if node.get("items"):
            parts["items"] = [item for item in node["items"] if item["id"] not in gone]
        had = node.get("children") or node.get("items")
        if had and not (parts.get("children") or parts.get("items")):
            continue
        kept.append(parts)
    return kept


def _refuse_unknown(names: Sequence[str], known: Sequence[str]) -> None:
    raise_errors(
        Finding(
            "unknown-name",
            Severity.ERROR,
            column=name,
            expected="an indicator, an item or an audience of the system",
            got=repr(name),
            hint=did_you_mean(name, known),
        )
        for name in names
        if name not in known
    )
