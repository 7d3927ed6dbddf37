"""The two languages in which a report is written."""

from typing import Literal, cast, get_args

Lang = Literal["zh", "en"]


def check_lang(lang: str) -> Lang:
    """Return `lang` where it is ``"zh"`` or ``"en"``.

    Raises
    ------
    ValueError
        For any other language.
    """
    if lang not in get_args(Lang):
        raise ValueError(f"lang is 'zh' or 'en', got {lang!r}")
    return cast(Lang, lang)
