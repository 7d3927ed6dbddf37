"""Count what was promised: `make validate` writes docs/validation.md, and fails where it is broken."""

import sys
import time
from pathlib import Path

from tests.validation.campaigns import campaigns, demo
from tests.validation.study import coverage, errors, group_errors, table

CAMPAIGNS, REPLICATES, RELABELLINGS = 500, 500, 5000
PAGE = Path(__file__).parents[2] / "docs/validation.md"
HEAD = """# What intervals, ranks and grades promise, and what they keep

Made by `make validate`; do not edit. {campaigns} campaigns are simulated, each with the {units} cities of the demo edition, its
slots, scenarios and shoppers, and with calls, answers and respondents of its own. Each is scored with {replicates} bootstrap
draws. The truth is the mean over all campaigns. *±* is the standard error of the count over campaigns; *kept*
allows three of them. Groups are dealt anew {relabellings:,} times to all cities of the demo.

"""


def main() -> int:
    """Run the study, write its page, and return 1 where a promise is broken."""
    start = time.monotonic()
    made = []
    for each in campaigns(CAMPAIGNS, replicates=REPLICATES):
        made.append(each)
        if len(made) % 50 == 0:
            print(f"{len(made)} campaigns, {time.monotonic() - start:.0f} s", flush=True)
    depth = demo(None)[0].system.hierarchy.depth
    rows = [*coverage(made, depth), *errors(made), *group_errors(RELABELLINGS)]
    said = table(rows)
    head = HEAD.format(
        campaigns=CAMPAIGNS,
        units=len(made[0].se),
        replicates=REPLICATES,
        relabellings=RELABELLINGS,
    )
    PAGE.write_text(head + said, encoding="utf-8")
    print(said)
    return int(not all(row.kept for row in rows))


if __name__ == "__main__":
    sys.exit(main())
