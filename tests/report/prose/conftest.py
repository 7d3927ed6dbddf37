"""Results that have every table the chapters can tell of."""

import pytest
from prose_tables import full_results

from report.results import Results


@pytest.fixture(scope="session")
def full(records: Results) -> Results:
    return full_results(records)
