"""The theme file: colours, fonts and logo of all that is published, in Quarto's brand format."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from survey.findings import Finding, InputError, Severity, did_you_mean, display_path
from survey.yaml_source import Strict, read_yaml

BRAND = Path(__file__).parent / "_brand.yml"
ROLES = ("foreground", "background", "primary", "secondary", "success", "danger", "warning", "link")
NEEDED = (
    "deep", "blue", "ink", "quiet", "rule", "pale", "absent", "alert", "citizen", "enterprise",
    "all", "good", "amber",
)  # fmt: skip
"""Colours that the palette must define."""

Color = Annotated[str, Field(pattern=r"^(#[0-9a-fA-F]{6}|[a-z][a-z-]*)$")]
Hex = Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")]


class _Meta(Strict):
    name: str = ""
    link: str | None = None


class _Colors(Strict):
    palette: dict[str, Hex]
    foreground: Color = "ink"
    background: Color = "#ffffff"
    primary: Color = "deep"
    secondary: Color = "quiet"
    success: Color = "good"
    danger: Color = "alert"
    warning: Color = "amber"
    link: Color = "blue"


class _Font(Strict):
    family: str
    color: Color | None = None


class _Typography(Strict):
    base: _Font
    headings: _Font


class _BrandFile(Strict):
    meta: _Meta = _Meta()
    logo: str | None = None
    color: _Colors
    typography: _Typography


@dataclass(frozen=True, slots=True)
class Brand:
    """What everything published looks like.

    Parameters
    ----------
    name
        Of the institute or series, beside the logo.
    colors
        ``#rrggbb`` by name: the palette, and Quarto's roles such as ``primary``.
    serif, sans
        Families of the body and of the headings.
    logo
        An image, or None.
    """

    name: str
    colors: Mapping[str, str]
    serif: str
    sans: str
    logo: Path | None

    def __getitem__(self, color: str) -> str:
        return self.colors[color]


def read_brand(path: Path) -> Brand:
    """Read a theme file.

    Raises
    ------
    InputError
        With a finding for each key that is wrong, each colour that is missing or has no
        definition, and a logo that is not there.
    """
    file = read_yaml(path, _BrandFile)
    palette, wrong = dict(file.color.palette), []

    def find(where: str, expected: str, got: str, hint: str = "") -> None:
        wrong.append(
            Finding("brand", Severity.ERROR, display_path(path), None, where, expected, got, hint)
        )

    for name in NEEDED:
        if name not in palette:
            find(f"color.palette.{name}", "a colour #rrggbb", "none")
    colors = dict(palette)
    for role in ROLES:
        named = str(getattr(file.color, role))
        if named.startswith("#"):
            colors[role] = named
        elif named in palette:
            colors[role] = palette[named]
        else:
            hint = did_you_mean(named, list(palette))
            find(f"color.{role}", "#rrggbb or a name of the palette", named, hint)
    logo = path.parent / file.logo if file.logo else None
    if logo is not None and not logo.is_file():
        find("logo", "an image beside the theme file", str(file.logo))
    if wrong:
        raise InputError(wrong)
    type_ = file.typography
    return Brand(
        file.meta.name, MappingProxyType(colors), type_.base.family, type_.headings.family, logo
    )


@cache
def brand() -> Brand:
    """Return the look that the report comes with (`BRAND`)."""
    return read_brand(BRAND)


def css_variables(look: Brand) -> str:
    """Return a rule of CSS that gives every page the colours and fonts of the brand.

    Each colour is ``--name``; ``--serif`` and ``--sans`` name families that are there on
    Windows, macOS and Android where the brand's own are not installed, since no page may fetch
    a font.
    """
    colors = "".join(f"--{name}:{value};" for name, value in look.colors.items())
    serif = f'"{look.serif}","Songti SC",SimSun,"Noto Serif CJK SC",serif'
    sans = f'"{look.sans}","PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif'
    return f":root{{{colors}--serif:{serif};--sans:{sans}}}\n"
