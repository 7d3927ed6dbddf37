import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.rules.expression import FUNCTIONS, MOST_NODES, Expression

FRAME = pd.DataFrame(
    {
        "x": [2.0, -3.0, np.nan],
        "y": [0.0, 4.0, 5.0],
        "outcome": pd.Series(["busy", "answered", None], dtype="str"),
        "时长": [1.0, 2.0, 3.0],
    }
)


def value(text: str) -> list[float | None]:
    return [None if np.isnan(v) else v for v in Expression(text).evaluate(FRAME)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("2 ** 3 ** 2", 512), ("-2 ** 2", -4),
        ("7 - 4 - 2", 1), ("8 / 4 / 2", 1), ("-7 % 3", 2), ("2 * 3 % 4", 2),
        ("1 < 2 < 3", 1), ("3 > 2 > 2", 0), ("1 + 1 == 2", 1), ("not 1 == 2", 1),
        ("1 or 0 and 0", 1), ("(1 or 0) and 0", 0), ("not 0 and 1", 1), ("1 != 1", 0),
        ("abs(-3)", 3), ("sqrt(16)", 4), ("ln(exp(2))", 2), ("log10(1000)", 3), ("floor(-1.5)", -2),
        ("ceil(1.2)", 2), ("round(2.6)", 3), ("clip(12, 0, 10)", 10), ("clip(-1, 0, 10)", 0),
        ("min(3, 1, 2)", 1), ("max(3, 1, 2)", 3), ("sum(1, 2, 3)", 6), ("mean(1, 2)", 1.5),
        ("count(1, 2)", 2), ("first(4, 5)", 4), ("if(1 > 2, 3, 4)", 4), ("if (1, if(0, 1, 2), 3)", 2),
        ("+3", 3), ("1e3", 1000), (" 5 ", 5),
    ],
)  # fmt: skip
def test_value_and_precedence(text, expected):
    assert value(text) == pytest.approx([expected] * 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x + y", [2, 1, None]), ("x > 0", [1, 0, None]), ("not x", [0, 0, None]),
        ("x > 0 and y > 9", [0, 0, 0]), ("x > 0 or y > 1", [1, 1, 1]),
        ("x > 0 and y > 1", [0, 0, None]), ("x > 0 or y > 9", [1, 0, None]),
        ("blank(x)", [0, 0, 1]), ("first(x, y)", [2, -3, 5]), ("mean(x, y)", [1, 0.5, 5]),
        ("sum(x, y)", [2, 1, 5]), ("min(x, y)", [0, -3, 5]), ("max(x)", [2, -3, None]),
        ("count(x, y)", [2, 2, 1]), ("if(x > 0, y, -y)", [0, -4, None]),
        ("if(blank(x), 9, x)", [2, -3, 9]), ("clip(x, 0, 1)", [1, 0, None]), ("x ** 0.5", [2**0.5, None, None]),
        ("x / y", [None, -0.75, None]), ("1 / (1 / y)", [None, 4, 5]), ("ln(y)", [None, math.log(4), math.log(5)]),
        ("mean(x / y, 3)", [3, 1.125, 3]), ("first(ln(y), 7)", [7, math.log(4), math.log(5)]),
        ("x / y > 1", [None, 0, None]), ("exp(1000)", [None] * 3), ("x % y", [None, 1, None]),
        ("时长 * 2", [2, 4, 6]),
    ],
)  # fmt: skip
def test_blanks_and_what_is_not_defined(text, expected):
    assert value(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('outcome == "busy"', [1, 0, None]), ("outcome != 'busy'", [0, 1, None]),
        ('if(outcome == "busy", 0, y)', [0, 4, None]), ('outcome == "if (x)"', [0, 0, None]),
        ("outcome == 'say \"if(\"'", [0, 0, None]),
    ],
)  # fmt: skip
def test_texts_are_compared(text, expected):
    assert value(text) == expected


def test_columns_by_what_they_are_read_as():
    expression = Expression('if(outcome == "busy", 0, mean(x, y, count))')
    assert expression.numbers == ("x", "y", "count")
    assert expression.words == ("outcome",)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "1 +", "(1", "1; 2", "x = 1", "1 2", "x y",
        "x.y", "().__class__", "x.__class__.__bases__[0]", "''.join('a')",
        "x[0]", "x[0:1]", "[1, 2]", "(1, 2)", "{1: 2}", "{1}", "[x for x in y]", "(x for x in y)",
        "lambda: 1", "(lambda x: x)(1)", "(y := 1)", "f'{x}'", "f'{x!r}'", "x if y else 1", "*x", "await x", "yield x",
        "__import__('os')", "eval('1')", "exec('1')", "open('f')", "getattr(x, 'y')", "print(x)", "globals()",
        "mean(x)(y)", "mean(*x)", "mean(**x)", "mean(x=1)", "abs()", "abs(1, 2)", "if(1, 2)", "first(1)",
        "x // y", "x @ y", "x << 1", "x >> 1", "x | y", "x & y", "x ^ y", "~x",
        "x in y", "x not in y", "x is y", "x is not 1",
        "True", "None", "...", "1j", "b'1'", "'text'", "x + 'text'", "'busy' == outcome", "outcome < 'busy'",
        "mean('a', 'b')", "outcome == 'a' == 'b'", "outcome == 'a' and outcome > 1", "x == ''.join",
        "1e999", "1" + "0" * 400, "1" * 5000,
        "+".join(["1"] * (MOST_NODES + 1)), "(" * 5000 + "1" + ")" * 5000, "-" * 5000 + "1",
        "not " * 5000 + "1", "9" + "**9" * 300, "\x00",
    ],
    ids=lambda text: repr(text[:30]),
)  # fmt: skip
def test_everything_else_is_refused(text):
    with pytest.raises(ValueError, match=r"\w+") as caught:
        Expression(text)
    assert type(caught.value) is ValueError


def test_an_unknown_function_names_the_nearest():
    with pytest.raises(ValueError, match="'mean'"):
        Expression("maen(x, y)")


def test_no_name_of_python_is_reachable():
    dangerous = {"eval", "exec", "open", "compile", "__import__", "getattr", "vars", "input"}
    assert not dangerous & set(FUNCTIONS)


def formulas() -> st.SearchStrategy[str]:
    def wider(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        operator = st.sampled_from(["+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!="])
        return st.one_of(
            st.tuples(inner, operator, inner).map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
            st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(" ".join).map("({})".format),
            inner.map("(-{})".format),
            st.tuples(st.sampled_from(["min", "max"]), inner, inner).map(lambda p: f"{p[0]}({p[1]}, {p[2]})"),
            inner.map("abs({})".format),
        )  # fmt: skip

    leaves = st.one_of(
        st.integers(0, 20).map(str), st.sampled_from(["0.5", "2.25", "x", "y"])
    )  # fmt: skip
    return st.recursive(leaves, wider, max_leaves=12)


@given(formulas(), st.integers(-9, 9), st.integers(-9, 9))
def test_random_formulas_equal_pythons_own_arithmetic(text, x, y):
    try:
        expected = float(
            eval(text, {"x": float(x), "y": float(y), "min": min, "max": max, "abs": abs})
        )
    except ZeroDivisionError:
        return
    frame = pd.DataFrame({"x": [float(x)], "y": [float(y)]})
    assert Expression(text).evaluate(frame)[0] == pytest.approx(expected, rel=1e-12, abs=1e-12)


@given(st.text(max_size=40))
def test_any_text_is_a_formula_or_a_clear_error(text):
    try:
        expression = Expression(text)
    except ValueError:
        return
    frame = pd.DataFrame(
        {name: [1.0] for name in expression.numbers} | {name: ["a"] for name in expression.words}
    )
    assert expression.evaluate(frame).shape == (len(frame),)


def test_a_formula_without_columns_has_a_value_for_each_record():
    found = Expression("3").evaluate(FRAME)
    assert found.tolist() == [3, 3, 3]
    found[0] = 4
    assert found.tolist() == [4, 3, 3]
