"""Which texts of an edition are counted, as its YAML names them."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from indicators.nodes import Table
from survey.yaml_source import Strict


class TextSettings(Strict):
    """The key ``texts`` of an edition.

    Parameters
    ----------
    columns
        By table, the columns that hold free texts; several make up one text.
    by
        Columns that make groups: of the tables, of the register, or ``grade``.
    topics
        A YAML file of topics; those of hotlines by default.
    terms, stop_words
        Files of words, one a line; those of hotlines by default.
    most
        Words listed of all texts, and of each group.
    """

    columns: Annotated[dict[Table, tuple[str, ...]], Field(min_length=1)]
    by: tuple[str, ...] = ()
    topics: Path | None = None
    terms: Path | None = None
    stop_words: Path | None = None
    most: Annotated[int, Field(ge=1, le=1000)] = 50

    @model_validator(mode="after")
    def _named(self) -> "TextSettings":
        if empty := [table for table, columns in self.columns.items() if not columns]:
            raise ValueError(f"columns with texts of {', '.join(empty)}")
        return self
