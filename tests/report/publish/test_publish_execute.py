import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from report.publish.execute import run_book
from report.publish.source import read_book
from survey.findings import InputError


def test_each_chapter_starts_empty_in_one_kernel(write_book, edition: Path) -> None:
    folder = write_book(
        index="# 甲\n\n```{python}\nimport os, sys\nmine = os.getpid()\nsys.kept = mine\n```\n",
        b="# 乙\n\n`{python} 'mine' in globals()`/`{python} __import__('sys').kept == __import__('os').getpid()`\n",
        c="# 丙\n\n```{python}\n#| eval: false\nundefined\n```\n\n`{python} __import__('pathlib').Path.cwd().name`/`{python} __import__('os').environ['HOTLINE_EDITION'][-9:]`\n",
    )
    steps: list[tuple[int, int, str]] = []
    first, second, third = run_book(read_book(folder), edition, lambda *step: steps.append(step))
    assert first.markdown.strip() == "# 甲"
    assert "False/True" in second.markdown
    assert "book/edition\\-a" in third.markdown
    assert [step[:2] for step in steps] == [(0, 2), (1, 2), (2, 2)]
    assert steps[1][2].endswith("c.qmd:4")


CASES = [
    (
        "# 甲\n\n```{python}\n#| label: fig-a\n#| fig-cap: 图\nx = 1\nraise ValueError('不行')\n```\n",
        7,
        "ValueError: 不行",
    ),
    ("# 甲\n\n```{python}\nx = 1\nif x\n```\n", 5, "SyntaxError"),
    ("# 甲\n\n```{python}\nimport json\n\njson.loads('{')\n```\n", 6, "JSONDecodeError"),
    (
        "# 甲\n\n文\n值`{python} 1`\n与`{python} nothing_here`。\n",
        5,
        "NameError: name 'nothing_here'",
    ),
]


@pytest.mark.parametrize(("text", "row", "message"), CASES)
def test_an_error_names_the_line_of_the_source(
    write_book: Callable[..., Path], edition: Path, text: str, row: int, message: str
) -> None:
    folder = write_book(index=text)
    with pytest.raises(InputError) as caught:
        run_book(read_book(folder), edition)
    (finding,) = caught.value.findings
    assert (finding.check, finding.row) == ("cell-error", row)
    assert finding.file.endswith("index.qmd")
    assert message in finding.got
    assert "Traceback" not in str(caught.value)


def test_two_kernels_give_what_one_gives(write_book, edition: Path) -> None:
    draw = (
        "```{python}\n#| label: fig-%s\n#| fig-cap: 图\nimport matplotlib.pyplot as plt\n"
        "figure, axes = plt.subplots(figsize=(2, 1))\naxes.plot([1, 3, 2])\naxes.set_title('a')\n"
        "plt.show()\n```\n"
    )
    names = ("index", "b", "c", "d")
    book = read_book(write_book(**{name: f"# {name}\n\n" + draw % name for name in names}))
    one, two = (run_book(book, edition, kernels=kernels) for kernels in (1, 2))
    assert [each.chapter.stem for each in two] == list(names)
    assert [(each.markdown, each.files) for each in one] == [
        (each.markdown, each.files) for each in two
    ]


def test_two_kernels_report_the_first_failure_of_the_book(write_book, edition: Path) -> None:
    slow = "# 甲\n\n```{python}\nimport time\ntime.sleep(1.5)\nraise ValueError('first')\n```\n"
    fast = "# 乙\n\n```{python}\nraise ValueError('second')\n```\n"
    never = "# 丙\n\n```{python}\nraise ValueError('third')\n```\n"
    book = read_book(write_book(index=slow, b=fast, c=never))
    cells: list[str] = []
    with pytest.raises(InputError, match="first"):
        run_book(book, edition, lambda _d, _t, at: cells.append(at), kernels=2)
    assert len(cells) == 2


def test_figures_of_the_report_are_drawn_once_and_name_their_tables(
    write_book, edition: Path
) -> None:
    text = (
        "# 甲\n\n```{python}\n#| label: fig-a\n#| fig-cap: 图\nfrom report.style import HouseFigure\n"
        "figure = HouseFigure(figsize=(2, 1))\nfigure.tables = ('grades',)\nfigure\n```\n"
    )
    (chapter,) = run_book(read_book(write_book(index=text)), edition)
    assert list(chapter.files) == ["assets/fig-a.svg"]
    assert chapter.tables == {"assets/fig-a.svg": ("grades",)}
    assert "assets/fig-a.svg" in chapter.markdown


def test_a_slow_import_is_hidden_only_while_it_would_be_made() -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from report.publish.runner import SLOW, Kernel\n"
        "Kernel(Path('.'), Path('.'))\n"
        "assert 'nbclient' in sys.modules and SLOW not in sys.modules\n"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
