"""How long a call plan takes, and how even it comes out: `python -m benchmarks.plan`."""

from datetime import date
from time import perf_counter

from survey.plan.balance import balance_table
from survey.plan.schedule import Cells, make_schedule
from survey.plan.settings import PlanSettings

SLOTS = {f"s{n}": (6.0 + 2 * n, 8.0 + 2 * n) for n in range(1, 7)}
DESIGNS = ((335, 40), (335, 24), (2800, 300))
"""Units and shoppers: the cities of a nation with many and few shoppers, and its counties."""


def main() -> None:
    for units, shoppers in DESIGNS:
        names = tuple(f"u{n:04}" for n in range(units))
        cells = Cells(names, ("citizen", "enterprise"), ("information", "complaint"), SLOTS)
        settings = PlanSettings(
            start=date(2023, 9, 4), end=date(2023, 11, 24), shoppers=shoppers, daily=12
        )
        start = perf_counter()
        plan, _ = make_schedule(cells, settings)
        seconds = perf_counter() - start
        print(f"{units} units, {shoppers} shoppers: {len(plan):,} rows in {seconds:.2f} s")
        print(balance_table(plan).round(3).to_string(index=False), end="\n\n")


if __name__ == "__main__":
    main()
