import pandas as pd
import pytest

from analysis.texts.documents import documents_of, plain
from survey.findings import InputError
from survey.records import Records


def test_one_form_for_width_case_space_and_masks():
    assert plain("ＡＰＰ　很难用！\n\tWi－Fi 差") == "app 很难用! wi-fi 差"
    assert plain("请打［电话］，他说“好”") == "请打 ,他说“好”"
    assert plain("「熱線」……態度好") == "「熱線」......態度好"
    assert plain(" \u3000\n") == ""


def test_answers_that_say_nothing_are_counted_not_kept(make_records):
    texts = ["态度很好", "", None, "无", "没有意见。", "N/A", "……！", "😀", "123"]
    documents, findings = documents_of(make_records(texts), "responses", ["suggestion"])
    assert documents["record"].tolist() == ["r000", "r008"]
    assert [(f.check, f.count) for f in findings] == [("empty-texts", 7)]


def test_texts_that_stand_twice_are_told_unless_short(make_records):
    texts = [
        "希望加强话务员的业务培训",
        "希望加强话务员的业务培训",
        "很好",
        "很好",
        "别的意见也有一些",
    ]
    _, findings = documents_of(make_records(texts), "responses", ["suggestion"])
    assert [(f.check, f.count) for f in findings] == [("repeated-texts", 2)]


def test_columns_make_one_text_and_a_case_stands_once():
    cases = pd.DataFrame(
        {"case_id": ["k2", "k1", "k1"], "unit": "甲", "kind": "method", "reviewer": ["v1", "v1", "v2"],
         "title": ["派单", "智能", "智能"], "text": ["正文", None, None]}
    )  # fmt: skip
    documents, _ = documents_of(Records({"cases": cases}), "cases")
    assert documents["record"].tolist() == ["k1", "k2"]
    assert documents["text"].tolist() == ["智能", "派单 正文"]
    assert documents["kind"].tolist() == ["method", "method"]


def test_order_of_rows_does_not_matter(make_records):
    records = make_records(["一二三", "四五六", "七八九"])
    turned = Records({"responses": records["responses"].iloc[::-1]})
    first, again = (documents_of(r, "responses", ["suggestion"])[0] for r in (records, turned))
    pd.testing.assert_frame_equal(first, again)


def test_groups_of_units_are_joined(make_records):
    units = pd.DataFrame({"region": ["华北", "华南"]}, index=pd.Index(["甲", "乙"], name="unit"))
    documents, _ = documents_of(
        make_records(["好好好", "差差差"]), "responses", ["suggestion"], units
    )
    assert documents["region"].tolist() == ["华北", "华南"]


def test_wrong_tables_and_columns_are_refused_with_the_nearest(make_records):
    records = make_records(["好"])
    with pytest.raises(InputError, match="did you mean 'suggestion'"):
        documents_of(records, "responses", ["sugestion"])
    with pytest.raises(InputError, match="did you mean 'responses'"):
        documents_of(records, "response", ["suggestion"])
    with pytest.raises(InputError, match="a column with texts"):
        documents_of(records, "responses")
