"""A table from anywhere in the columns of its contract: the way from the file to the intake."""

from collections.abc import Mapping

from survey.contracts import Contract
from survey.sources.columns import TableColumns
from survey.sources.labels import as_the_contract_reads
from survey.sources.mapping import mapped
from survey.sources.platforms import in_own_columns, platform_of, without_blanks
from survey.tables import RawTable


def own_table(
    raw: RawTable, contract: Contract, given: TableColumns | None = None
) -> tuple[RawTable, Mapping[str, str]]:
    """Give a table of elsewhere the columns and the values of its contract.

    Parameters
    ----------
    raw
        The table as its file holds it.
    contract
        Its contract, with the columns that the indicator system asks for.
    given
        The map of its columns, if the edition has one; it comes before what is known of platforms.

    Returns
    -------
    The table, with notes on what was read as what and every error of the map; and the header of
    the file behind each column that has another name there.
    """
    names: dict[str, str] = {}
    platform = platform_of(raw)
    if platform is not None:
        raw = without_blanks(raw, platform)
    if given is not None:
        raw, found = mapped(raw, contract, given)
        names |= found
    if platform is not None:
        raw, found = in_own_columns(raw, contract, platform)
        names |= found
    return as_the_contract_reads(raw, contract), names
