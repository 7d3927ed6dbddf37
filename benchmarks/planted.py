"""What the checks find of faults planted into clean data: `python -m benchmarks.planted`.

Precision and recall of each fault, and false alarms on clean data; exit code 1 where one is below
0.95, or more than 1 % of sound records, verdicts or cities raise an alarm.
"""

import sys

from benchmarks import planted_privacy, planted_records, planted_selection, planted_shoppers

PARTS = {
    "records": planted_records.main,
    "shoppers": planted_shoppers.main,
    "selection of questionnaires": planted_selection.main,
    "privacy": planted_privacy.main,
}


def main() -> int:
    failed = []
    for name, part in PARTS.items():
        print(f"\n{name}")
        if part():
            failed.append(name)
    print(f"\nnot reached: {', '.join(failed)}" if failed else "\nall reached")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
