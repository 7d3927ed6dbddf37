import pytest

from analysis.texts.documents import plain
from analysis.texts.segment import STOP_WORDS, TERMS, Segmenter, read_words
from survey.findings import InputError

SEGMENTER = Segmenter.of()


def words(text: str) -> list[str]:
    return SEGMENTER.words(plain(text))


def test_telling_words_are_kept_in_order():
    text = "打12345热线等了很久，话务员态度很好，但是问题一直没解决，来回推诿踢皮球。"
    assert words(text) == ["话务员", "态度", "没解决", "来回", "推诿", "踢皮球"]


def test_terms_of_hotlines_stay_whole():
    assert words("推行接诉即办、未诉先办和一网通办") == ["推行", "接诉即办", "未诉先办", "一网通办"]
    assert words("很慢") == ["慢"]


def test_traditional_punctuation_latin_words_and_digits():
    assert words("「投訴」：ＡＰＰ與Wi-Fi，３個工作日——2021年？") == [
        "投訴",
        "app",
        "wi-fi",
        "工作日",
    ]
    assert words("") == words("。。。123 4.5") == []


def test_stop_words_leave_out_terms_and_names_too():
    own = Segmenter.of(silent=["长沙", "回访"])
    assert own.words("长沙的回访周到") == ["周到"]


def test_more_terms_are_cut_whole():
    assert Segmenter.of(more=["办不成这件事"]).words("他办不成这件事啊") == ["办不成这件事"]


def test_edges_are_where_words_start_or_end():
    assert SEGMENTER.edges("直接通知我") == {0, 2, 4, 5}
    assert SEGMENTER.edges("") == frozenset()


def test_word_lists_are_read_with_comments_and_refused_when_wrong(tmp_path):
    path = tmp_path / "words.txt"
    path.write_text("# 说明\n派单  # 工单\n\nＡＰＰ\n", encoding="utf-8-sig")
    assert read_words(path) == ("派单", "app")
    path.write_text("# 只有说明\n", encoding="utf-8")
    with pytest.raises(InputError, match="one word a line"):
        read_words(path)
    path.write_bytes("派单".encode("gb18030"))
    with pytest.raises(InputError, match="UTF-8"):
        read_words(path)
    with pytest.raises(InputError, match="check the path"):
        read_words(tmp_path / "none.txt")


@pytest.mark.parametrize("path", [TERMS, STOP_WORDS])
def test_lists_that_come_with_the_program_hold_each_word_once(path):
    held = read_words(path)
    assert len(held) == len(set(held))
    assert not set(read_words(TERMS)) & set(read_words(STOP_WORDS))
