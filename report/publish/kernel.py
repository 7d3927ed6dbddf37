"""What the publisher needs inside the kernel: a clean start per chapter, inline values."""

from collections.abc import Sequence
from typing import Any

from report.garbage import SELDOM

METADATA = "hotline-index"
"""Key of the metadata in which a figure of the report names the result tables it draws."""
INLINE_MIME = "application/vnd.hotline-index.inline+json"
HASH_SALT = "hotline-index"


def start_chapter() -> None:
    """Empty the namespace and set figures up, as a fresh Quarto kernel would find them.

    Modules stay imported, so that only the first chapter pays for them, and what outlived a chapter
    is not searched for garbage again. Figures are SVG with
    fixed identifiers and no date: the same figure has the same bytes on every run. Those of the
    report would show themselves as PNG, too; drawing each a second time is left out.
    """
    import gc

    import matplotlib as mpl
    import matplotlib.pyplot as plt
    from IPython.core.getipython import get_ipython
    from matplotlib_inline.backend_inline import set_matplotlib_formats

    shell: Any = get_ipython()
    shell.reset(new_session=False)
    gc.freeze()
    gc.set_threshold(*SELDOM)
    plt.close("all")
    mpl.rcdefaults()
    mpl.rcParams["svg.hashsalt"] = HASH_SALT
    mpl.rcParams["savefig.dpi"] = "figure"
    set_matplotlib_formats("svg", metadata={"Date": None})
    shown = shell.display_formatter.ipython_display_formatter
    shown.for_type_by_name("report.style", "HouseFigure", _show_svg)


def _show_svg(figure: Any) -> None:
    from IPython.display import display

    from report.style import svg

    bundle = {"image/svg+xml": svg(figure).decode("utf-8"), "text/plain": repr(figure)}
    display(bundle, raw=True, metadata={METADATA: {"tables": list(figure.tables)}})


def show_inline(expressions: Sequence[str]) -> None:
    """Evaluate inline expressions in the namespace of the cells and send back their texts.

    Parameters
    ----------
    expressions
        Python expressions, in the order of the text. The first one that raises ends the list
        with ``{"error": type, "message": text}``; every other entry is ``{"kind": "text" or
        "markdown", "value": text}``.
    """
    from IPython.core.getipython import get_ipython
    from IPython.display import display

    shell: Any = get_ipython()
    values: list[dict[str, str]] = []
    for expression in expressions:
        try:
            value = eval(expression.strip(), shell.user_global_ns, shell.user_ns)
            values.append(_shown(value))
        except Exception as error:
            values.append({"error": type(error).__name__, "message": str(error)})
            break
    display({INLINE_MIME: values}, raw=True)


def _shown(value: object) -> dict[str, str]:
    as_markdown = getattr(value, "_repr_markdown_", None)
    if callable(as_markdown) and (text := as_markdown()) is not None:
        return {"kind": "markdown", "value": str(text)}
    return {"kind": "text", "value": str(value)}
