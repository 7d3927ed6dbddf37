"""The data-quality report: what is known of the data before any score is shown."""

from report.quality.write import write_quality

__all__ = ["write_quality"]
