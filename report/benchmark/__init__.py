"""The benchmark page: one city beside its peers, for any indicator, with intervals."""

from report.benchmark.write import profile_hrefs, write_benchmark

__all__ = ["profile_hrefs", "write_benchmark"]
