"""The map of columns: which header of a file is which column, and what its answers mean."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, model_validator

from survey.yaml_source import Strict


def _written(value: Any) -> Any:
    """Write a number of YAML as a table's cell holds it."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.15g}" if isinstance(value, int | float) else value


Text = Annotated[str, BeforeValidator(_written)]
Unit = Literal["秒", "分", "小时", "s", "min", "h"]
SECONDS: dict[Unit, int] = {"秒": 1, "s": 1, "分": 60, "min": 60, "小时": 3600, "h": 3600}
"""Seconds of each unit."""


class Origin(Strict):
    """Where a column comes from; a plain text stands for ``{from: text}``.

    Parameters
    ----------
    from
        A header of the file, the number of a question (``1、``), the text of a question without
        its number, the label of a variable (SPSS, Stata), or the name of a question without the
        groups it stands in (Kobo, ODK).
    values
        What each answer of the file means; null for blank. A text or, in SPSS and Stata, its code.
    value
        One value for every record, in place of `from`.
    unit
        The column is a duration, whose bare numbers are in this unit; ``2分5秒`` and ``0:02:05``
        are understood too. It becomes seconds.
    since
        The header of an earlier time: the column becomes the seconds between the two.
    zone
        The times are of UTC or say their zone; they become local times of this zone, such as
        ``Asia/Shanghai``.
    """

    from_: Annotated[Text | None, Field(alias="from")] = None
    values: dict[Text, Text | None] = {}
    value: Text | None = None
    unit: Unit | None = None
    since: Text | None = None
    zone: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _short(cls, data: Any) -> Any:
        return {"from": data} if isinstance(data, str | int | float) else data

    @model_validator(mode="after")
    def _one_of(self) -> "Origin":
        if (self.from_ is None) == (self.value is None):
            raise ValueError("either from: or value:")
        ways = [bool(self.values), self.unit is not None, self.since is not None]
        if sum([*ways, self.zone is not None]) > (0 if self.from_ is None else 1):
            raise ValueError("from: with at most one of values:, unit:, since: and zone:")
        if self.zone is not None:
            _check_zone(self.zone)
        return self


def _check_zone(zone: str) -> None:
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(zone)
    except (KeyError, OSError, ValueError):
        raise ValueError("a time zone such as Asia/Shanghai") from None


class TableColumns(Strict):
    """The columns of one table; every key but ``ignore`` is a column of its contract.

    Parameters
    ----------
    ignore
        Headers of the file that nobody needs.
    """

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True)
    __pydantic_extra__: dict[str, Origin] = Field(init=False)  # pyright: ignore[reportIncompatibleVariableOverride]

    ignore: tuple[Text, ...] = ()

    @property
    def origins(self) -> Mapping[str, Origin]:
        """Where each column comes from, by its own name."""
        return self.__pydantic_extra__ or {}
