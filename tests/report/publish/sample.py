"""A book in either language with what the site and the PDF are tried on."""

from pathlib import Path

from report.language import Lang

GRADES = ("A+", "A", "B+", "B", "C+", "C", "D+", "D", "E+", "E")
CITIES = ("重庆", "亳州", "长沙", "北京", "漯河", "安阳", "杭州", "苏州", "鞍山", "郑州")
ROWS = 60
TEXT: dict[Lang, str] = {
    "zh": "政务服务热线的评估以拨测与问卷为依据，逐项计分并给出区间，各地的表现并不一致。",
    "en": "The hotline’s score rests on “test calls” and questionnaires, and it has an interval. ",
}
WORDS: dict[Lang, dict[str, str]] = {
    "zh": {
        "tag": "zh-Hans", "title": "样书", "index": "摘要", "findings": "研究发现", "table": "全部城市",
        "section": "总体情况", "sub": "一级指标", "figure": "各项的得分", "alt": "横条依次变短",
        "cap": "各市的等级与区间", "head": "城市 | 等级 | 得分 | 名次区间 | 备注",
    },
    "en": {
        "tag": "en", "title": "A sample", "index": "Summary", "findings": "Findings",
        "table": "All cities", "section": "Overall", "sub": "Level one", "figure": "Scores by item",
        "alt": "Bars that grow shorter", "cap": "Grades and intervals of cities",
        "head": "City | Grade | Score | Rank interval | Note",
    },
}  # fmt: skip
DRAW = """from IPython.display import Markdown, display

def draw(height, *tables):
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="440pt" height="%dpt" viewBox="0 0 440 %d">'
        '<rect width="440" height="%d" fill="none" stroke="black"/></svg>' % (height, height, height)
    )
    display({"image/svg+xml": svg, "text/plain": "figure"}, raw=True,
            metadata={"hotline-index": {"tables": list(tables)}})
"""


def write_sample(folder: Path, lang: Lang) -> Path:
    """Write the sources of the book and return their folder."""
    folder.mkdir(parents=True)
    words = WORDS[lang]
    chapters = {
        "index": f"# {words['index']} {{.unnumbered}}\n\n{TEXT[lang]}\n\n"
        "@sec-findings , @sec-first , @fig-f0 , [@tbl-cities; @fig-f1].\n\n"
        f"::: {{.callout-note}}\n{TEXT[lang]}\n:::\n",
        "findings": f"# {words['findings']} {{#sec-findings}}\n\n{cell('', DRAW)}{_sections(lang)}",
        "cities": f"# {words['table']}\n\n{cell('', DRAW)}{_table(lang)}",
    }
    for name, text in chapters.items():
        (folder / f"{name}.qmd").write_text(text, encoding="utf-8")
    (folder / "_quarto.yml").write_text(
        f"project:\n  type: book\nlang: {words['tag']}\nbook:\n  title: {words['title']}\n"
        "  chapters:\n    - index.qmd\n    - findings.qmd\n  appendices:\n    - cities.qmd\n"
        "number-sections: true\nfrom: markdown+east_asian_line_breaks\n"
        "execute:\n  echo: false\n  warning: false\n",
        encoding="utf-8",
    )
    return folder


def cell(options: str, code: str) -> str:
    return f"```{{python}}\n{options}{code}\n```\n\n"


def _sections(lang: Lang) -> str:
    words, parts = WORDS[lang], []
    for at in range(9):
        label = " {#sec-first}" if at == 0 else ""
        parts.append(f"## {words['section']}{label}\n\n" + TEXT[lang] * (2 + 5 * at % 7) + "\n\n")
        if at % 2:
            parts.append(f"### {words['sub']}\n\n" + TEXT[lang] * (1 + at % 3) + "\n\n")
        options = (
            f"#| label: fig-f{at}\n#| fig-cap: {words['figure']}\n#| fig-alt: {words['alt']}\n"
        )
        parts.append(cell(options, f"draw({180 + 67 * at % 250}, 'scores', 'means')"))
        parts.append(TEXT[lang] * (3 + 3 * at % 5) + "\n\n")
    return "".join(parts) + "$$\ns = \\frac{1}{n}\\sum_i x_i\n$$\n"


def _table(lang: Lang) -> str:
    rows = [
        f"| {CITIES[at % 10]}{'' if at < 10 else at} | {GRADES[at * 7 % 10]} | {9 - at * 13 % 60 / 10:.1f} "
        f"| {1 + at * 11 % 60}–{20 + at * 11 % 60} | {'—' if at % 2 else f'n = 1,0{at:02}'} |"
        for at in range(ROWS)
    ]
    table = "\n".join([f"| {WORDS[lang]['head']} |", "|:--|:-:|--:|--:|:--|", *rows])
    options = f"#| label: tbl-cities\n#| tbl-cap: {WORDS[lang]['cap']}\n"
    return cell(options, f"Markdown({table!r})")
