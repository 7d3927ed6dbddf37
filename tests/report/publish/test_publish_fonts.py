import pytest

from report.fonts import font_files, missing_glyphs


def test_both_fonts_lie_in_one_folder() -> None:
    serif, sans = font_files()
    assert serif.is_file()
    assert sans.is_file()
    assert serif.parent == sans.parent


@pytest.mark.parametrize("text", ["亳漯濮衢儋鄂尔多斯", "±≥–—“”％〔〕①", "a\n\t\u200b"])
def test_the_characters_of_the_report_are_there(text: str) -> None:
    assert missing_glyphs(text) == ""


def test_a_missing_character_is_named_once() -> None:
    assert missing_glyphs("好𠮷好𠮷😀") == "😀𠮷"
