"""A page for every city and a report for every province, as HTML and PDF from the same figures."""

from report.profiles.files import profile_stems
from report.profiles.write import write_profiles, write_provinces

__all__ = ["profile_stems", "write_profiles", "write_provinces"]
