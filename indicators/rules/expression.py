"""A small expression language over the columns of a table: arithmetic, comparisons, functions.

Text is parsed with Python's grammar and evaluated by walking the syntax tree over arrays; only
the node types and functions listed here exist, so a formula can neither call, import nor reach
anything else.

``100 * resolved / accepted``, ``if(outcome == "busy", 0, talk_seconds / 60)``,
``mean(q1, q2, q3)``, ``wait_seconds <= 15 and not blank(agent)``
"""

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce

import numpy as np
import pandas as pd

from survey.findings import did_you_mean

MOST_NODES = 400
"""Longest formula, in nodes of its syntax tree."""

MOST = 1e300
"""Greatest number in a formula."""

Value = np.ndarray | float


def _stacked(values: tuple[Value, ...]) -> np.ndarray:
    return np.stack(np.broadcast_arrays(*values))


def _blank_aware(reduced: Callable[..., np.ndarray]) -> Callable[..., Value]:
    def apply(*values: Value) -> np.ndarray:
        stacked = _stacked(values)
        there = ~np.isnan(stacked)
        full = np.where(there, stacked, 0.0)
        return np.where(there.any(axis=0), reduced(stacked, full, there), np.nan)

    return apply


def _choose(condition: Value, yes: Value, no: Value) -> np.ndarray:
    return np.where(np.isnan(condition), np.nan, np.where(condition != 0, yes, no))


@dataclass(frozen=True)
class _Function:
    apply: Callable[..., Value]
    least: int
    most: int | None


FUNCTIONS: Mapping[str, _Function] = {
    "abs": _Function(np.abs, 1, 1),
    "sqrt": _Function(np.sqrt, 1, 1),
    "ln": _Function(np.log, 1, 1),
    "log10": _Function(np.log10, 1, 1),
    "exp": _Function(np.exp, 1, 1),
    "round": _Function(np.round, 1, 1),
    "floor": _Function(np.floor, 1, 1),
    "ceil": _Function(np.ceil, 1, 1),
    "clip": _Function(lambda x, low, high: np.minimum(np.maximum(x, low), high), 3, 3),
    "if": _Function(_choose, 3, 3),
    "blank": _Function(lambda x: np.isnan(x).astype(float), 1, 1),
    "first": _Function(
        lambda *values: reduce(lambda a, b: np.where(np.isnan(a), b, a), values), 2, None
    ),
    "sum": _Function(_blank_aware(lambda _, full, there: full.sum(axis=0)), 1, None),
    "mean": _Function(
        _blank_aware(lambda _, full, there: full.sum(axis=0) / np.maximum(there.sum(axis=0), 1)),
        1,
        None,
    ),
    "min": _Function(_blank_aware(lambda all_, *_: np.fmin.reduce(all_, axis=0)), 1, None),
    "max": _Function(_blank_aware(lambda all_, *_: np.fmax.reduce(all_, axis=0)), 1, None),
    "count": _Function(lambda *values: (~np.isnan(_stacked(values))).sum(axis=0) * 1.0, 1, None),
}
"""By name. ``sum``, ``mean``, ``min``, ``max`` leave blanks out; ``first`` takes the first value
that is not blank; every other function and operator makes a blank of a blank, and of what is
not defined, such as a division by zero."""

_BINARY: Mapping[type, Callable[[Value, Value], Value]] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
    ast.Pow: np.power,
    ast.Mod: np.mod,
}
_COMPARE: Mapping[type, Callable[[Value, Value], Value]] = {
    ast.Lt: np.less,
    ast.LtE: np.less_equal,
    ast.Gt: np.greater,
    ast.GtE: np.greater_equal,
    ast.Eq: np.equal,
    ast.NotEq: np.not_equal,
}


@dataclass(frozen=True)
class Expression:
    """A parsed formula.

    Parameters
    ----------
    text
        As written.

    Raises
    ------
    ValueError
        Where the text is no formula of the language, with the place and the nearest right name.
    """

    text: str

    def __post_init__(self) -> None:
        count = 0
        for node in ast.walk(self._tree):
            count += 1
            self._refuse(node)
        if count > MOST_NODES:
            raise ValueError(f"a formula of at most {MOST_NODES} parts")
        mixed = set(self.numbers) & set(self.words)
        if mixed:
            raise ValueError(f"{min(mixed)!r} either as a number or compared with a text")

    @cached_property
    def _tree(self) -> ast.expr:
        # `if` is a word of Python's grammar: the call is parsed under another name
        text = _renamed_if(self.text.strip())
        try:
            return ast.parse(text, mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            place = f" near character {error.offset}" if isinstance(error, SyntaxError) else ""
            raise ValueError(f"a formula such as '100 * resolved / accepted'{place}") from None

    def _refuse(self, node: ast.AST) -> None:
        allowed = (
            ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Call, ast.Name, ast.Constant,
            ast.Load, ast.operator, ast.unaryop, ast.boolop, ast.cmpop,
        )  # fmt: skip
        if not isinstance(node, allowed):
            raise ValueError(f"a formula without {type(node).__name__.lower()}")
        if isinstance(node, ast.BinOp) and type(node.op) not in _BINARY:
            raise ValueError("the operators + - * / ** %")
        if isinstance(node, ast.UnaryOp) and not isinstance(node.op, ast.USub | ast.UAdd | ast.Not):
            raise ValueError("the signs - + and not")
        if isinstance(node, ast.Compare):
            self._refuse_comparison(node)
        if isinstance(node, ast.Call):
            self._refuse_call(node)
        if isinstance(node, ast.Constant) and (
            isinstance(node.value, bool) or not isinstance(node.value, int | float | str)
        ):
            raise ValueError("numbers and texts in quotes")
        if isinstance(node, ast.Constant) and not _is_text(node) and not _is_held(node.value):
            raise ValueError(f"numbers up to {MOST:g}")

    def _refuse_comparison(self, node: ast.Compare) -> None:
        if any(type(op) not in _COMPARE for op in node.ops):
            raise ValueError("the comparisons < <= > >= == !=")
        if any(isinstance(part, ast.Constant) and isinstance(part.value, str)
               for part in (node.left, *node.comparators)) and (
            len(node.ops) > 1 or not isinstance(node.ops[0], ast.Eq | ast.NotEq)
            or not isinstance(node.left, ast.Name)
        ):  # fmt: skip
            raise ValueError('a text compared as in outcome == "busy"')

    def _refuse_call(self, node: ast.Call) -> None:
        name = _name(node.func)
        function = FUNCTIONS.get(name)
        if function is None:
            raise ValueError(
                f"a known function instead of {name!r} ({did_you_mean(name, FUNCTIONS)})"
            )
        given = len(node.args)
        if node.keywords or given < function.least or (function.most and given > function.most):
            wanted = str(function.least) + ("" if function.most else " or more")
            raise ValueError(f"{wanted} values in {name}()")

    @cached_property
    def _roles(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        words: dict[str, None] = {}
        numbers: dict[str, None] = {}
        texts = [
            part
            for node in ast.walk(self._tree)
            if isinstance(node, ast.Compare) and _is_text(node.comparators[0])
            for part in (node.left, node.comparators[0])
        ]
        functions = [node.func for node in ast.walk(self._tree) if isinstance(node, ast.Call)]
        for node in ast.walk(self._tree):
            if isinstance(node, ast.Name) and node not in functions:
                (words if node in texts else numbers)[_name(node)] = None
            if _is_text(node) and node not in texts:
                raise ValueError('a text only in a comparison such as outcome == "busy"')
        return tuple(numbers), tuple(words)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The columns read as numbers."""
        return self._roles[0]

    @property
    def words(self) -> tuple[str, ...]:
        """The columns compared with texts."""
        return self._roles[1]

    def evaluate(self, frame: pd.DataFrame) -> np.ndarray:
        """Return the value for every record, NaN where it is not defined; shape (records,)."""
        with np.errstate(all="ignore"):
            value = np.asarray(self._value(self._tree, frame), dtype=float)
        return np.broadcast_to(value, (len(frame),)).copy()

    def _value(self, node: ast.AST, frame: pd.DataFrame) -> Value:
        if isinstance(node, ast.Constant):
            return float(node.value)  # pyright: ignore[reportArgumentType]
        if isinstance(node, ast.Name):
            return frame[_name(node)].to_numpy(dtype=float)
        if isinstance(node, ast.BinOp):
            return _finite(
                _BINARY[type(node.op)](
                    self._value(node.left, frame), self._value(node.right, frame)
                )
            )
        if isinstance(node, ast.UnaryOp):
            value = self._value(node.operand, frame)
            if isinstance(node.op, ast.Not):
                return np.where(np.isnan(value), np.nan, value == 0)
            return np.negative(value) if isinstance(node.op, ast.USub) else value
        if isinstance(node, ast.BoolOp):
            parts = [self._value(part, frame) for part in node.values]
            return reduce(_and if isinstance(node.op, ast.And) else _or, parts)
        if isinstance(node, ast.Compare):
            return self._compared(node, frame)
        assert isinstance(node, ast.Call)
        arguments = [self._value(part, frame) for part in node.args]
        return _finite(FUNCTIONS[_name(node.func)].apply(*arguments))

    def _compared(self, node: ast.Compare, frame: pd.DataFrame) -> Value:
        first = node.comparators[0]
        if _is_text(first):
            answers = frame[_name(node.left)]
            same = (answers == first.value).to_numpy(dtype=bool, na_value=False)  # pyright: ignore
            wanted = same if isinstance(node.ops[0], ast.Eq) else ~same
            return np.where(answers.isna().to_numpy(), np.nan, wanted.astype(float))
        values = [self._value(part, frame) for part in (node.left, *node.comparators)]
        held = [
            np.where(np.isnan(left) | np.isnan(right), np.nan, _COMPARE[type(op)](left, right))
            for op, left, right in zip(node.ops, values[:-1], values[1:], strict=True)
        ]
        return reduce(_and, held)


def _finite(value: Value) -> np.ndarray:
    """Make a blank of what is not defined, such as a division by zero."""
    return np.where(np.isfinite(value), value, np.nan)


def _and(left: Value, right: Value) -> np.ndarray:
    false = (left == 0) | (right == 0)
    return np.where(false, 0.0, np.where(np.isnan(left) | np.isnan(right), np.nan, 1.0))


def _or(left: Value, right: Value) -> np.ndarray:
    known = ~np.isnan(left) & (left != 0) | ~np.isnan(right) & (right != 0)
    return np.where(known, 1.0, np.where(np.isnan(left) | np.isnan(right), np.nan, 0.0))


def _is_held(number: object) -> bool:
    return isinstance(number, int | float) and abs(number) <= MOST


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


_IF = "if_"
_IF_CALL = re.compile(r"\bif\s*\(")


def _renamed_if(text: str) -> str:
    """Write ``if(`` as ``if_(`` outside quotes."""
    parts = text.split('"')
    for at in range(0, len(parts), 2):
        inner = parts[at].split("'")
        for place in range(0, len(inner), 2):
            inner[place] = _IF_CALL.sub(_IF + "(", inner[place])
        parts[at] = "'".join(inner)
    return '"'.join(parts)


def _name(node: ast.AST) -> str:
    name = node.id if isinstance(node, ast.Name) else type(node).__name__.lower()
    return "if" if name == _IF else name
