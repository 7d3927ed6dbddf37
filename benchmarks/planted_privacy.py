"""Precision and recall of masking, on private things planted among things that look like them."""

import sys

import numpy as np
import pandas as pd

from survey.privacy.mask import mask_text

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
MARKERS = {
    "phone": "［电话］", "id_card": "［身份证］", "card": "［银行卡］", "plate": "［车牌］",
    "name": "［姓名］",
}  # fmt: skip
SURNAMES = [*"王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗", "欧阳", "诸葛", "司马", "上官"]
GIVEN = [
    *"伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平",
    "建国",
    "晓明",
    "志强",
    "丽华",
    "雨桐",
    "子涵",
]
PLACES = {
    "phone": ("来电人电话{}，请回电。", "联系方式：{}", "请致电{}联系", "手机号{}已登记", "({})"),
    "id_card": ("身份证号{}。", "证件{}已核", "本人{}申请低保"),
    "card": ("退款至卡号{}", "银行卡{}被扣费，请处理", "账户 {}"),
    "plate": ("车牌{}占用消防通道", "{}违停", "一辆{}的车"),
    "name": (
        "姓名：{}，电话未留",
        "联系人：{}",
        "市民{}先生反映噪音扰民",
        "姓名: {} 性别：女",
        "来电人：{}反映停车难",
        "投诉人{}来电",
        "我叫{}，住在老城区",
        "客户姓名：{}。",
    ),
}
LOOKALIKES = (
    "工单号20211105{n:08d}已办结",
    "请拨打12345或12315",
    "订单号{m}未发货",
    "国办发〔2020〕53号文件",
    "2021-11-05 09:30来电",
    "合计{n}元",
    "金额13800138000元",
    "编号{m}",
    "400-810-{d:04d}",
    "经度113.{n:08d}",
    "来电人：反映小区停车难",
    "姓名：不详",
    "姓名：未提供",
    "联系人方式未登记",
    "市民反映噪音",
    "投诉人员态度差",
    "客户满意度不高",
    "京A级景区收费",
    "京沪高速G2京津段",
    "等候30秒，通话1200秒",
    "请高度重视市民诉求",
    "面积{d}平方米",
    "品名：大米",
    "地名：王家庄",
    "来电人：不愿透露",
    "市民常年投诉无果",
    "办理时限15个工作日",
    "业主：反映物业",
)


def private(kind: str, rng: np.random.Generator) -> str:
    """Make a private thing of a kind, in one of the ways in which people write it."""

    def digits(n: int) -> str:
        return "".join(map(str, rng.integers(0, 10, n)))

    if kind == "phone":
        a, b, c = f"1{rng.integers(3, 10)}{digits(1)}", digits(4), digits(4)
        forms = (
            f"{a}{b}{c}", f"{a} {b} {c}", f"{a}-{b}-{c}", f"+86 {a}{b}{c}", f"+86-{a}-{b}-{c}",
            f"0571-8{digits(7)}", f"（010）6{digits(7)}", f"{a}{b}{c}".translate(_wide()),
            f"{a}.{b}.{c}", f"{a}　{b}　{c}",
        )  # fmt: skip
        return str(rng.choice(forms))
    if kind == "id_card":
        body = f"330106{rng.integers(1950, 2005)}{rng.integers(1, 13):02d}{rng.integers(1, 29):02d}"
        body += digits(3)
        total = sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True))
        number = body + "10X98765432"[total % 11]
        return str(rng.choice([number, number.lower(), number.translate(_wide())]))
    if kind == "card":
        body = "62" + digits(16)
        doubled = [int(d) * 2 - 9 * (int(d) > 4) for d in body[::-1][::2]]
        total = sum(doubled) + sum(map(int, body[::-1][1::2]))
        number = body + str(-total % 10)
        spaced = " ".join(number[at : at + 4] for at in range(0, len(number), 4))
        return str(rng.choice([number, spaced]))
    if kind == "plate":
        forms = (
            f"浙A{digits(5)}", f"粤B·{digits(1)}K{digits(3)}", f"沪AD{digits(5)}",
            f"京A{digits(4)}警", f"苏E·F{digits(5)}",
        )  # fmt: skip
        return str(rng.choice(forms))
    others = ("阿卜杜拉·买买提", "古丽娜尔·艾山")
    return str(rng.choice(others)) if rng.random() < 0.05 else (
        str(rng.choice(SURNAMES)) + str(rng.choice(GIVEN))
    )  # fmt: skip


def planted(n: int, seed: int = 0) -> pd.DataFrame:
    """Return sentences: columns text, kind (empty for a lookalike) and the thing planted."""
    rng = np.random.default_rng(seed)
    rows = []
    for kind in MARKERS:
        for _ in range(n):
            thing = private(kind, rng)
            rows.append((str(rng.choice(PLACES[kind])).format(thing), kind, thing))
    for _ in range(n * len(MARKERS)):
        n8, m, d = rng.integers(10**7, 10**8), rng.integers(10**17, 10**18), rng.integers(100, 9999)
        rows.append((str(rng.choice(LOOKALIKES)).format(n=n8, m=m, d=d), "", ""))
    return pd.DataFrame(rows, columns=["text", "kind", "thing"])


def judged(sentences: pd.DataFrame) -> pd.DataFrame:
    """Mask sentences and return precision and recall of each kind."""
    masked = [mask_text(text)[0] for text in sentences["text"]]
    rows = []
    for kind, marker in MARKERS.items():
        own = (sentences["kind"] == kind).to_numpy()
        said = np.array([marker in text for text in masked])
        gone = np.array(
            [
                thing not in text for thing, text in zip(sentences["thing"], masked, strict=True)
            ]
        )  # fmt: skip
        right = int((own & said & gone).sum())
        rows.append((kind, own.sum(), right / max(said.sum(), 1), right / own.sum()))
    return pd.DataFrame(rows, columns=["kind", "planted", "precision", "recall"])


def _wide() -> dict[int, int]:
    return {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


def main() -> int:
    """Print precision and recall; 1 where one is below 0.95."""
    table = judged(planted(5000))
    print(table.to_string(index=False, float_format="{:.4f}".format))
    return int((table[["precision", "recall"]] < 0.95).any(axis=None))


if __name__ == "__main__":
    sys.exit(main())
