"""How well faults of shoppers are found: `python -m benchmarks.planted_shoppers`.

Campaigns of 335 cities, 40 shoppers and 8,040 calls are made up, clean and with faults planted:
severe, lenient and drifting shoppers, careless coders, and an item that nobody codes alike.
"""

import sys
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.shoppers.agreement import OVERALL, CodedItem, agreement
from survey.shoppers.balance import balance
from survey.shoppers.severity import severity

CITIES, SHOPPERS, CALLS, ITEMS, DAYS = 335, 40, 8040, 12, 60
DOUBLE = 0.1
"""Share of calls that a second shopper codes too."""
SLIP, CARELESS, VAGUE = 0.04, 0.25, 0.35
"""Chance that a coder, a careless coder, and any coder of a vague item slips."""
PLANTED = {"severe": 3, "lenient": 2, "drifting": 2, "disagrees": 2}
"""Shoppers with each fault; nobody has two."""
LEAST, WORST = 1.0, 1.5
"""Points, out of 10, that a severe or lenient shopper is off."""
DRIFT = 3.0
"""Points, out of 10, that a drifting shopper moves over the campaign."""
SEEDS = 20
ENOUGH, TOO_MANY = 0.95, 0.01
VAGUE_ITEM = "item11"
Fault = tuple[str, str]


@dataclass(frozen=True)
class Campaign:
    """Calls, the points of each, and the faults planted (who or what, kind)."""

    calls: pd.DataFrame
    points: np.ndarray
    codings: pd.DataFrame
    faults: frozenset[Fault]


def campaign(seed: int, *, clean: bool) -> Campaign:
    """Make a campaign up."""
    random = np.random.default_rng([seed, clean])
    unit = np.arange(CALLS) % CITIES
    shopper = random.permutation(np.arange(CALLS) % SHOPPERS)
    day = random.integers(0, DAYS, CALLS)
    factors = {name: random.integers(0, top, CALLS) for name, top in
               {"audience": 2, "scenario": 2, "slot": 6}.items()}  # fmt: skip
    share = 0.6 + 0.08 * random.standard_normal(CITIES)[unit]
    share += 0.02 * factors["audience"] - 0.03 * factors["scenario"]
    share += 0.08 * random.standard_normal(CALLS)
    planted = {} if clean else _plant(random)
    share += _severity(random, planted, shopper) + _drift(planted, shopper, day)
    easy = np.linspace(-0.12, 0.12, ITEMS)
    truth = random.random((CALLS, ITEMS)) < np.clip(share[:, None] + easy, 0, 1)
    frame = pd.DataFrame(
        {
            "unit": _names("u", unit), "shopper": _names("s", shopper),
            "started_at": pd.Timestamp("2021-03-01") + pd.to_timedelta(day, unit="D"),
        } | {name: _names(name, code) for name, code in factors.items()}
    )  # fmt: skip
    faults = {(f"s{who:03}", kind) for kind, people in planted.items() for who in people}
    if not clean:
        faults |= {(VAGUE_ITEM, "unreliable")}
    codings = _codings(random, truth, shopper, planted.get("disagrees", ()), clean)
    return Campaign(frame, 10 * truth.mean(axis=1), codings, frozenset(faults))


def _plant(random: np.random.Generator) -> dict[str, np.ndarray]:
    people = random.permutation(SHOPPERS)[: sum(PLANTED.values())]
    parts = np.split(people, np.cumsum(list(PLANTED.values()))[:-1])
    return dict(zip(PLANTED, parts, strict=True))


def _severity(
    random: np.random.Generator, planted: dict[str, np.ndarray], shopper: np.ndarray
) -> np.ndarray:
    off = random.uniform(LEAST, WORST, SHOPPERS) / 10
    sign, nobody = np.zeros(SHOPPERS), np.empty(0, int)
    sign[planted.get("severe", nobody)], sign[planted.get("lenient", nobody)] = -1, 1
    return (sign * off)[shopper]


def _drift(planted: dict[str, np.ndarray], shopper: np.ndarray, day: np.ndarray) -> np.ndarray:
    slope = np.zeros(SHOPPERS)
    who = planted.get("drifting", np.empty(0, int))
    slope[who] = np.resize([1, -1], len(who))
    return slope[shopper] * (DRIFT / 10) * (day / (DAYS - 1) - 0.5)


def _codings(
    random: np.random.Generator, truth: np.ndarray, shopper: np.ndarray, careless, clean: bool
) -> pd.DataFrame:
    rows = random.permutation(CALLS)[: int(DOUBLE * CALLS)]
    second = (shopper[rows] + random.integers(1, SHOPPERS, len(rows))) % SHOPPERS
    who = np.concatenate([shopper[rows], second])
    slip = np.where(np.isin(who, careless), CARELESS, SLIP)[:, None] * np.ones(ITEMS)
    if not clean:
        slip[:, -1] = VAGUE
    coded = np.tile(truth[rows], (2, 1)) ^ (random.random(slip.shape) < slip)
    answers = pd.DataFrame(np.array(["no", "yes"])[coded.astype(int)], columns=_item_names())
    return answers.assign(recording=np.tile(_names("r", rows), 2), shopper=_names("s", who))


def _names(mark: str, code: np.ndarray) -> np.ndarray:
    names = np.array([f"{mark}{at:03}" for at in range(code.max() + 1)], dtype=object)
    return names[code]


def _item_names() -> list[str]:
    return [f"item{at:02}" for at in range(ITEMS)]


def flagged(made: Campaign) -> frozenset[Fault]:
    """Return the faults that the checks find."""
    severe = severity(made.calls, made.points).shoppers
    items = [CodedItem(name, "nominal") for name in _item_names()]
    agreed = agreement(made.codings, items, replicates=300)
    uneven = balance(made.calls).tests
    tables = (
        (severe, "shopper", "verdict", ("severe", "lenient")),
        (severe, "shopper", "drift_verdict", ("drifting",)),
        (agreed.coders, "shopper", "verdict", ("disagrees",)),
        (agreed.items[agreed.items["item"] != OVERALL], "item", "verdict", ("unreliable",)),
        (uneven, "factor", "verdict", ("uneven",)),
    )
    return frozenset(
        (str(name), str(verdict))
        for table, who, column, kinds in tables
        for name, verdict in zip(table[who], table[column], strict=True)
        if verdict in kinds
    )


@dataclass(frozen=True)
class Found:
    """Counts over campaigns, by kind of fault.

    Parameters
    ----------
    planted, hit, wrong
        Faults planted, those found, and those found that were not planted.
    alarms, chances
        Faults found in clean campaigns, and how many verdicts were given.
    """

    planted: Counter[str]
    hit: Counter[str]
    wrong: Counter[str]
    alarms: Counter[str]
    chances: int

    @property
    def precision(self) -> float:
        """Share of the faults found that were planted."""
        found = self.hit.total() + self.wrong.total()
        return self.hit.total() / found if found else 0.0

    @property
    def recall(self) -> float:
        """Share of the planted faults that were found."""
        return self.hit.total() / self.planted.total()

    @property
    def false_alarms(self) -> float:
        """Share of verdicts on clean campaigns that tell of a fault."""
        return self.alarms.total() / self.chances

    @property
    def good(self) -> bool:
        """Whether the figures to be reached are reached, for every kind of fault too."""
        each = all(self.hit[kind] >= ENOUGH * n for kind, n in self.planted.items())
        return each and self.precision >= ENOUGH and self.false_alarms < TOO_MANY


def study(seeds: int) -> Found:
    """Plant faults in so many campaigns, and look at as many clean ones."""
    planted, hit, wrong, alarms = Counter(), Counter(), Counter(), Counter()
    for seed in range(seeds):
        made = campaign(seed, clean=False)
        found = flagged(made)
        planted.update(kind for _, kind in made.faults)
        hit.update(kind for _, kind in found & made.faults)
        wrong.update(kind for _, kind in found - made.faults)
        alarms.update(kind for _, kind in flagged(campaign(seed, clean=True)))
    return Found(planted, hit, wrong, alarms, seeds * (3 * SHOPPERS + ITEMS + 3))


def main(seeds: int = SEEDS) -> int:
    """Print precision, recall and false alarms; return 1 where they are not good enough."""
    found = study(seeds)
    print(f"{'fault':<14}{'planted':>9}{'found':>9}{'wrongly':>9}{'in clean':>10}")
    for kind in sorted({*found.planted, *found.wrong, *found.alarms}):
        print(
            f"{kind:<14}{found.planted[kind]:>9}{found.hit[kind]:>9}{found.wrong[kind]:>9}"
            f"{found.alarms[kind]:>10}"
        )
    print(
        f"precision {found.precision:.3f}, recall {found.recall:.3f}, false alarms in clean "
        f"campaigns {found.false_alarms:.2%} of {found.chances} verdicts"
    )
    return 0 if found.good else 1


if __name__ == "__main__":
    sys.exit(main())
