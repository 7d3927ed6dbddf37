"""Results of small editions that were run from files, and the release of the synthetic ones."""

import pytest
from small_edition import small_results

from report.release.about import release_about
from report.release.release import write_release
from report.results import Results


@pytest.fixture(scope="session")
def chained(tmp_path_factory) -> Results:
    """Results of the third of three years, with every comparison of years."""
    return small_results(tmp_path_factory.mktemp("chained"))


@pytest.fixture(scope="session")
def alerted(tmp_path_factory) -> Results:
    """Results of a system of agents that sets marks of alert."""
    return small_results(tmp_path_factory.mktemp("alerted"), years=1, system="hotline-quality")


@pytest.fixture(scope="session")
def released(records, tmp_path_factory):
    """The release of synthetic results."""
    out = tmp_path_factory.mktemp("release")
    write_release(records, out, release_about(records))
    return out
