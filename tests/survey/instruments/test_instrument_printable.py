"""The printed form holds every question, answer and script, in the language asked for."""

import re

import pytest
from pypdf import PdfReader

from survey.instruments.load import instruments, load_instrument
from survey.instruments.printable import printed, write_printable


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", instruments())
def test_every_question_answer_and_script_is_on_paper(name, lang, tmp_path):
    loaded, path = load_instrument(name), tmp_path / "form.pdf"
    write_printable(loaded, path, lang)
    pages = [squeezed(page.extract_text()) for page in PdfReader(path).pages]
    whole = "".join(pages)
    for section in loaded.sections:
        for question in section.questions:
            assert squeezed(question.label[lang]) in whole
            if question.say:
                assert squeezed(question.say[lang]) in whole
    answers = {words[lang] for q in loaded.questions for words in loaded.answers(q).values()}
    for answer in answers:
        assert squeezed(answer) in whole
    for number, page in enumerate(pages, start=1):
        told = f"第{number}页，共{len(pages)}页" if lang == "zh" else f"Page{number}of{len(pages)}"
        assert told in page
        assert squeezed(loaded.title[lang]) in page and f"{name}v1" in page


def test_numbers_run_on_and_skip_the_office():
    content = printed(load_instrument("questionnaire-citizen"), "zh")
    numbers = [
        row["number"]
        for section in content["sections"]
        if not section["office"]
        for block in section["blocks"]
        for row in (block["rows"] if block["kind"] == "matrix" else [block])
    ]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(b["number"] == 0 for s in content["sections"] if s["office"] for b in s["blocks"])


def test_statements_with_the_same_answers_make_one_table():
    content = printed(load_instrument("questionnaire-citizen"), "zh")
    kinds = {s["title"]: [b["kind"] for b in s["blocks"]] for s in content["sections"]}
    assert kinds["使用感受"] == ["matrix"]
    assert kinds["基本情况"] == ["choice", "choice", "choice", "lines"]


def test_conditions_are_told_in_words():
    content = printed(load_instrument("caller-citizen"), "zh")
    when = {s["title"]: s["when"] for s in content["sections"]}
    assert (
        when["咨询的答复"] == "本节在“拨测结果”为“人工接通”，且“情景类别”为“咨询（信息获取）”时填写"
    )


def test_same_instrument_same_bytes(tmp_path):
    first, second = tmp_path / "a.pdf", tmp_path / "b.pdf"
    for path in (first, second):
        write_printable(load_instrument("case-review"), path)
    assert first.read_bytes() == second.read_bytes()
