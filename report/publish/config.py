"""`_quarto.yml` as the embedded publisher reads it: what it supports, and nothing else."""

from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from report.language import Lang
from report.publish.words import language_of
from survey.findings import Finding, InputError, Severity, display_path
from survey.yaml_source import Strict, read_yaml


class ProjectConfig(Strict):
    """``project:``; the embedded publisher leaves ``pre-render`` to its caller."""

    type: Literal["book"]
    pre_render: str | list[str] | None = Field(default=None, alias="pre-render")
    output_dir: str | None = Field(default=None, alias="output-dir")


class BookConfig(Strict):
    """``book:``; parts are not supported, so a chapter is always the name of a file.

    ``output-file`` is the Quarto CLI's name of the PDF; the embedded publisher's is always report.
    """

    title: str
    subtitle: str = ""
    author: str = ""
    date: str = ""
    output_file: str = Field(default="report", alias="output-file")
    chapters: list[str] = Field(min_length=1)
    appendices: list[str] = Field(default_factory=list)


class ExecuteConfig(Strict):
    """``execute:``, in ``_quarto.yml`` or in the front matter of a chapter."""

    echo: bool | None = None
    warning: bool | None = None
    eval: bool | None = None
    output: bool | Literal["asis"] | None = None
    include: bool | None = None


class QuartoConfig(Strict):
    """The whole of ``_quarto.yml``.

    ``format`` holds options of the Quarto CLI only and is passed over: the embedded publisher
    has its own templates. ``brand`` names the theme file to the Quarto CLI where it does not lie
    beside ``_quarto.yml``.
    """

    project: ProjectConfig
    lang: str = Field(default="zh-Hans", pattern=r"^(zh|en)(-\w+)*$")
    brand: str | None = None
    book: BookConfig
    number_sections: bool = Field(default=False, alias="number-sections")
    toc: bool = True
    toc_depth: int = Field(default=3, alias="toc-depth", ge=1, le=4)
    read_as: str = Field(default="markdown", alias="from", pattern=r"^markdown([+-]\w+)*$")
    execute: ExecuteConfig = ExecuteConfig()
    jupyter: Literal["python3"] = "python3"
    fig_format: Literal["svg"] = Field(default="svg", alias="fig-format")
    format: dict[str, Any] = Field(default_factory=dict)

    @property
    def language(self) -> Lang:
        """The language of the words that the publisher adds."""
        return language_of(self.lang)


def read_config(report_dir: Path) -> QuartoConfig:
    """Read ``_quarto.yml`` and make sure that every chapter it names is there.

    Parameters
    ----------
    report_dir
        The folder of the book.

    Raises
    ------
    InputError
        With one finding for each key that is wrong or not supported, and each missing chapter.
    """
    path = report_dir / "_quarto.yml"
    config = read_yaml(path, QuartoConfig)
    lines = path.read_text(encoding="utf-8").splitlines()
    wrong: list[Finding] = []
    for name in [*config.book.chapters, *config.book.appendices]:
        if name.endswith(".qmd") and (report_dir / name).is_file():
            continue
        row = next((number for number, line in enumerate(lines, 1) if name in line), None)
        wrong.append(
            Finding(
                "no-such-chapter",
                Severity.ERROR,
                display_path(path),
                row,
                "book",
                "a .qmd file beside _quarto.yml",
                name,
                "write the file or take it off the list",
            )
        )
    if config.book.chapters[0] != "index.qmd":
        wrong.append(
            Finding(
                "no-index",
                Severity.ERROR,
                display_path(path),
                None,
                "book.chapters",
                "index.qmd as the first chapter",
                config.book.chapters[0],
                "a Quarto book starts with index.qmd",
            )
        )
    if wrong:
        raise InputError(wrong)
    return config
