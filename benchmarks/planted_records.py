"""What the checks find of faults that were planted: `python -m benchmarks.planted_records`.

Every fault is planted alone into a clean simulated campaign, several times with other chance. A
check must find at least 95 % of the planted records, at least 95 % of what it finds must be
planted, and under 1 % of the records of a clean campaign may be flagged. Exit code 1 if not.
"""

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.clean_campaign import Campaign, clean_campaign
from benchmarks.planters import PLANTERS
from hotline_index.edition import open_edition
from survey.checks import CHECKS, inspect_records
from survey.checks.duplicates import identical_vectors
from survey.checks.near import near_duplicates
from survey.checks.texts import repeated_texts

EDITION = Path("editions/demo")
DRAWS = (11, 12, 13)
"""Campaigns that nobody looked at while the checks were made; those were draws 0 to 2."""
LEAST, MOST_FALSE = 0.95, 0.01


@dataclass(frozen=True)
class Result:
    """How a check did on one planted fault."""

    check: str
    table: str
    fault: str
    planted: int
    found: int
    hit: int

    @property
    def recall(self) -> float:
        return self.hit / max(self.planted, 1)

    @property
    def precision(self) -> float:
        return self.hit / max(self.found, 1)

    @property
    def passes(self) -> bool:
        return min(self.recall, self.precision) >= LEAST


SLOW = {
    "near-duplicates": near_duplicates,
    "identical-vectors": identical_vectors,
    "repeated-text": repeated_texts,
}
"""Checks that are run only where they are asked for."""


def flagged(campaign: Campaign, asked: Collection[str]) -> dict[tuple[str, str], set[str]]:
    """Return the ids that each check flags, by check and table; the slow ones where asked for."""
    left_out = [make for name, make in SLOW.items() if name not in asked]
    checks = [each for each in CHECKS if each[0] not in left_out]
    checked = inspect_records(campaign.records, campaign.plan, checks)
    flags = checked.flags
    found = {
        (check, table): set(flags.loc[rows, "record"])
        for (check, table), rows in flags.groupby(["check", "table"]).groups.items()
    }
    made, planned = campaign.tables["calls"], campaign.tables["plan"]["call_id"]
    absent = planned[~planned.isin(made["call_id"])]
    told = sum(f.count for f in checked.findings if f.check == "calls-not-made")
    return found | {("calls-not-made", "calls"): set(absent.iloc[:told])}


def trial(campaign: Campaign, seed: int, checks: Mapping = PLANTERS) -> list[Result]:
    """Plant every fault once into a clean campaign, and see what its check finds."""
    results = []
    for check, faults in checks.items():
        for place, (table, fault, plant) in enumerate(faults):
            spoilt, ids = plant(campaign, np.random.default_rng([seed, place, len(check)]))
            found = flagged(spoilt, [check]).get((check, table), set())
            results.append(Result(check, table, fault, len(ids), len(found), len(found & ids)))
    return results


def false_alarms(campaign: Campaign) -> dict[tuple[str, str], float]:
    """Return the share of the records of a clean campaign that each check flags."""
    found = flagged(campaign, PLANTERS)
    return {
        (check, table): len(found.get((check, table), ())) / len(campaign.tables[table])
        for check, faults in PLANTERS.items()
        for table in {table for table, _, _ in faults}
    }


def pooled(results: list[Result]) -> list[Result]:
    """Add up the results of several campaigns."""
    total: dict[tuple[str, str, str], Result] = {}
    for r in results:
        key = (r.check, r.table, r.fault)
        old = total.get(key, Result(*key, 0, 0, 0))
        total[key] = Result(*key, old.planted + r.planted, old.found + r.found, old.hit + r.hit)
    return list(total.values())


def main(draws: Sequence[int] = DRAWS) -> int:
    edition = open_edition(EDITION)
    results, alarms = [], []
    for draw in draws:
        campaign = clean_campaign(edition, draw)
        results += trial(campaign, draw)
        alarms.append(false_alarms(campaign))
    print(f"{'check':<26}{'table':<11}{'planted':<46}{'records':>8}{'found':>7}"
          f"{'precision':>11}{'recall':>8}{'false alarms':>14}")  # fmt: skip
    worst = {key: max(each[key] for each in alarms) for key in alarms[0]}
    passed = all(share < MOST_FALSE for share in worst.values())
    for r in pooled(results):
        share = worst[r.check, r.table]
        passed &= r.passes
        print(f"{r.check:<26}{r.table:<11}{r.fault:<46}{r.planted:>8}{r.found:>7}"
              f"{r.precision:>11.3f}{r.recall:>8.3f}{share:>13.3%}"
              f"{'' if r.passes and share < MOST_FALSE else '  <-'}")  # fmt: skip
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
