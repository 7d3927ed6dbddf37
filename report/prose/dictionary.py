"""The data dictionary: every table of the results and its columns, from the codebook."""

from collections.abc import Iterator, Sequence

from report.prose.wording import count, listed, paragraph, table
from report.release.codebook import KINDS, codebook
from report.results import Results


def tables_here(results: Results) -> list[str]:
    """Return the tables of the edition, in the order of the codebook, others last by name."""
    known = [name for name in codebook() if name in results]
    return known + sorted(set(results.tables) - set(known))


def summary(results: Results) -> str:
    """Say how many tables the results hold, which the codebook lacks, and what is not there."""
    here = tables_here(results)
    absent = [name for name in codebook() if name not in results]
    unknown = [name for name in here if name not in codebook()]
    first = results.say(
        f"结果共有{count(len(here))}张表，逐张说明如下；编码的含义见随数据发布的编码簿。",
        f"The results hold {count(len(here))} tables, described below; what coded values mean stands in "
        "the codebook released with the data.",
    )
    missing = results.say(
        f"编码簿中另有{count(len(absent))}张表本届没有，因为缺少相应的数据或步骤。",
        f"The codebook describes {count(len(absent))} more that this edition lacks, for want of the data "
        "or the step.",
    )
    bare = results.say(
        f"{listed(map(_code, unknown), 'zh')}尚未收入编码簿。",
        f"Not in the codebook yet: {listed(map(_code, unknown), 'en')}.",
    )
    return paragraph(first, missing if absent else "", bare if unknown else "")


def overview(results: Results) -> str:
    """Write the tables with what each holds and how many rows."""
    words = codebook()
    rows = []
    for name in tables_here(results):
        entry = words.get(name)
        rows.append(
            (
                name,
                getattr(entry.words, results.lang) if entry else "—",
                getattr(entry.describe, results.lang) if entry else "—",
                count(len(results[name])),
            )
        )
    header = results.say("表|名称|内容|行数", "Table|Name|Holds|Rows").split("|")
    return table(header, rows, "lllr", (24, 18, 48, 10))


def columns(results: Results) -> str:
    """Write every column of every table, those the codebook lacks by name alone."""
    rows = [row for name in tables_here(results) for row in _columns(results, name)]
    header = results.say("表|列|名称|类型|说明", "Table|Column|Name|Kind|Note").split("|")
    return table(header, rows, "lllll", (20, 18, 20, 14, 28))


def _columns(results: Results, name: str) -> Iterator[Sequence[str]]:
    entry, lang = codebook().get(name), results.lang
    for column in results[name].columns:
        told = entry.columns.get(column) if entry else None
        if told is None:
            others = entry.others if entry else None
            yield name, column, "—", "—", getattr(others, lang) if others else "—"
            continue
        kind = KINDS[told.kind].words
        said = (getattr(words, lang) for words in (told.words, kind, told.note))
        yield (name, column, *said)


def _code(name: str) -> str:
    return f"`{name}`"
