"""Masking of numbers that lead to a person."""

import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.privacy import mask, mask_text

PHONE, ID_CARD, CARD, PLATE = "［电话］", "［身份证］", "［银行卡］", "［车牌］"


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("电话13812345678，请回电", f"电话{PHONE}，请回电"),
        ("138-1234-5678", PHONE),
        ("138 1234 5678", PHONE),
        ("+86 13812345678", PHONE),
        ("8613812345678", PHONE),
        ("１３８１２３４５６７８", PHONE),
        ("13812345678/19912345678", f"{PHONE}/{PHONE}"),
        ("微信手机同号13812345678。", f"微信手机同号{PHONE}。"),
        ("0571-88886666", PHONE),
        ("0571-88886666转801", PHONE),
        ("（010）62345678", PHONE),
        ("02788886666", PHONE),
        ("联系电话：88886666", f"联系电话：{PHONE}"),
        ("座机8888666", f"座机{PHONE}"),
        # The two examples of GB 11643-1999 itself, section 4.1.
        ("11010519491231002X", ID_CARD),
        ("身份证号440524188001010014。", f"身份证号{ID_CARD}。"),
        ("11010519491231002x", ID_CARD),
        ("110105 19491231 002X", ID_CARD),
        ("150102900307123", ID_CARD),
        # Well-known test numbers of card schemes, right by ISO/IEC 7812-1.
        ("4111 1111 1111 1111", CARD),
        ("5555555555554444", CARD),
        ("6212345678900000003", CARD),
        ("京A12345", PLATE),
        ("粤B·D12345", PLATE),
        ("浙A8888挂", PLATE),
        ("沪ａ12345", PLATE),
    ],
)
def test_private_numbers_are_masked(text, masked):
    assert mask_text(text) == (masked, masked.count("［"))


@pytest.mark.parametrize(
    "text",
    [
        "拨打12345",
        "12315、12388、95588 和 96123",
        "010-12345",
        "400-810-1234",
        "电话4008101234",
        "8008101234",
        "2021-03-05 09:05",
        "20210305090500",
        "工单330100202103050012",  # 18 digits, a region and a date, but a wrong check digit
        "11010519491231002Y",
        "110105194913310021",  # no thirteenth month
        "4111111111111112",  # one off a right card number
        "12.13812345678",
        "113812345678",
        "138123456789",
        "12812345678",
        "88886666",
        "京ABCDE",
        "京承高速G45",
        "等候30秒，通话1200秒",
        "",
    ],
)
def test_other_numbers_stay(text):
    assert mask_text(text) == (text, 0)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("姓名：张三反映停车难", "姓名：［姓名］反映停车难"),
        ("姓名:张　三，女", "姓名:［姓名］，女"),
        ("姓名：阿卜杜拉·买买提", "姓名：［姓名］"),
        ("联系人：欧阳修远", "联系人：［姓名］"),
        ("联系人张伟，请回电", "联系人［姓名］，请回电"),
        ("市民王建国先生来电", "市民［姓名］先生来电"),
        ("Name: Li Lei, citizen", "Name: ［姓名］, citizen"),
        ("护照号E12345678", "护照号［证件］"),
        ("微信号：zhang_san88", "微信号：［账号］"),
        ("发至zhang@163.com。", "发至［邮箱］。"),
    ],
)
def test_names_and_accounts_are_masked_where_they_are_announced(text, masked):
    assert mask_text(text) == (masked, 1)


@pytest.mark.parametrize(
    "text",
    [
        "姓名：不详", "姓名： 性别：男", "来电人：反映小区停车难", "来电人：王府井大街停车难",
        "联系人方式未登记", "投诉人员态度差", "市民常年投诉", "市民马上来电", "请高度重视女士的诉求",
        "我叫车后司机未到", "file name: Report", "Name: Not given", "微信公众号：hangzhou12345",
        "合计13800138000元", "编号622848040256489001", "S-7F3K2Q",
    ],
)  # fmt: skip
def test_words_that_look_like_names_stay(text):
    assert mask_text(text) == (text, 0)


def test_planted_things_are_found_and_lookalikes_left_alone():
    from benchmarks.planted_privacy import judged, planted

    table = judged(planted(200, seed=1))
    assert (table[["precision", "recall"]] >= 0.95).all(axis=None)


def test_a_column_keeps_its_index_and_its_blanks():
    texts = pd.Series(["a", None, "13812345678 京A12345", "b"], index=[2, 3, 5, 6], dtype="str")
    masked, n = mask(texts)
    pd.testing.assert_series_equal(
        masked, pd.Series(["a", None, f"{PHONE} {PLATE}", "b"], index=[2, 3, 5, 6], dtype="str")
    )
    assert n == 2
    assert texts.loc[5] == "13812345678 京A12345"


@pytest.mark.parametrize("texts", [[], [None, None], ["好", "12345"]])
def test_nothing_to_mask(texts):
    series = pd.Series(texts, dtype="str")
    masked, n = mask(series)
    pd.testing.assert_series_equal(masked, series)
    assert n == 0


@given(
    before=st.text(alphabet="好a，。 (", max_size=5),
    number=st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),
    after=st.text(alphabet="好a，。 )", max_size=5),
)
def test_no_mobile_number_survives_in_a_column(before, number, after):
    masked, n = mask(pd.Series([f"{before}{number}{after}"], dtype="str"))
    assert n == 1
    assert not re.search(r"\d{5}", masked.iloc[0])
    assert masked.iloc[0].startswith(before)


@given(text=st.text(max_size=40))
def test_masking_twice_is_masking_once(text):
    once, _ = mask_text(text)
    assert mask_text(once) == (once, 0)


def test_a_large_column_is_masked_and_counted():
    texts = pd.Series(["来电人反映小区停车难，请尽快处理"] * 29_000 + ["请回电13812345678"] * 1000)
    assert mask(texts)[1] == 1000
