"""Synthetic results for the tests of the report."""

import pytest
from synthetic import published_results, records_results

from report.results import Results


@pytest.fixture(scope="session")
def records() -> Results:
    return records_results()


@pytest.fixture(scope="session")
def published() -> Results:
    return published_results()
