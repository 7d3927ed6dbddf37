"""Pages as HTML: each is one file that asks for nothing from elsewhere."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from report.brand import brand, css_variables
from report.profiles.page import Page

HERE = Path(__file__).parent


@cache
def environment() -> Environment:
    """Return the templates, with every text escaped."""
    made = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    made.filters["drawn"] = Markup  # drawings are ours, their texts escaped in `strips`
    return made


@cache
def style() -> Markup:
    """Return the style of every page."""
    css = css_variables(brand()) + (HERE / "page.css").read_text(encoding="utf-8")
    return Markup(css)


def page_html(page: Page) -> str:
    """Return a page as HTML."""
    return render("page.html", page=page)


def render(template: str, **values: Any) -> str:
    """Return a template filled with values and the style."""
    return environment().get_template(template).render(style=style(), **values)
