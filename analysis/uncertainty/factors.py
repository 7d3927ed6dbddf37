"""The factors of a plan: what each draw of the method decides, checked against the system."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel

from analysis.uncertainty.alternatives import MethodPlan
from analysis.uncertainty.distributions import DirichletFactor, Distribution
from analysis.uncertainty.leaf_tree import leaf_indices
from indicators.describe.words import average_words, missing_words, rule_words
from indicators.hierarchy import ROOT, Hierarchy
from indicators.nodes import BY_UNIT, Item, Words
from indicators.rules import AnyRule
from indicators.rules.normalise import Placement
from indicators.system import System
from indicators.what_if import Changes, changed_system
from survey.findings import Finding, InputError, Severity, did_you_mean, raise_errors


@dataclass(frozen=True)
class Option:
    """One alternative.

    Parameters
    ----------
    name, words
        What tables and readers call it.
    changes, leave_out
        What it changes, as `indicators.what_if.changed_system` takes it.
    """

    name: str
    words: Words
    changes: Changes = field(default_factory=dict)
    leave_out: tuple[str, ...] = ()


AS_IT_IS = Option("as_it_is", Words(zh="现行方案", en="as it is"))
"""The first option of every factor."""


@dataclass(frozen=True)
class WeightFactor:
    """The weight of an indicator, drawn from a distribution."""

    name: str
    words: Words
    indicator: str
    distribution: Distribution


@dataclass(frozen=True)
class OptionFactor:
    """A choice between options of equal chance, the first of them `AS_IT_IS`."""

    name: str
    words: Words
    options: tuple[Option, ...]


Factor = WeightFactor | OptionFactor


def method_factors(plan: MethodPlan, system: System, file: str = "") -> tuple[Factor, ...]:
    """Return the factors of a plan: the weights first, then the choices between options.

    Parameters
    ----------
    plan
        The plan.
    system
        The system whose method varies.
    file
        Where the plan is stated, for the errors.

    Raises
    ------
    InputError
        With every id, key or value at once that the system does not have or does not allow, every
        alternative that changes nothing, and every key that two factors change.
    """
    found = list(_weights(plan, system))
    for key, choice in _choices(plan, system):
        found += [choice] if isinstance(choice, Finding) else _checked(key, choice, system)
    factors = [each for each in found if not isinstance(each, Finding)]
    wrong = [each for each in found if isinstance(each, Finding)]
    wrong += _changed_twice(factors)
    raise_errors(replace(each, file=file, column=f"method.{each.column}") for each in wrong)
    return tuple(factors)


def leaving_out(system: System, names: Sequence[str]) -> tuple[Option, ...]:
    """Return an option for each indicator or item to leave out."""
    words = {node.id: Words(zh=node.zh, en=node.en) for node in system.nodes()}
    words |= {item.id: Words(zh=item.zh, en=item.en) for _, item in system.leaf_items()}
    return tuple(
        Option(name, words.get(name, Words(zh=name, en=name)), leave_out=(name,)) for name in names
    )


def factor_table(factors: Sequence[Factor]) -> pd.DataFrame:
    """Return the names of all factors and of their options for readers.

    Returns
    -------
    Columns factor, option (missing for weights), zh, en, option_zh, option_en; one row an option.
    """
    rows = [
        (each.name, option and option.name, each.words.zh, each.words.en,
         option and option.words.zh, option and option.words.en)
        for each in factors
        for option in (each.options if isinstance(each, OptionFactor) else (None,))
    ]  # fmt: skip
    names = ["factor", "option", "zh", "en", "option_zh", "option_en"]
    return pd.DataFrame(rows, columns=names)


def _weights(plan: MethodPlan, system: System) -> Iterator[WeightFactor | Finding]:
    """Yield a factor for each weight that a plan varies and that can make a difference."""
    tree = system.hierarchy
    free = [at for node in range(len(tree.ids)) for at in _competing(tree, node)]
    groups = {"all": list(range(1, len(tree.ids)))}
    for level in range(1, max(tree.depth) + 1):
        groups[f"level_{level}"] = np.flatnonzero(tree.depth == level).tolist()
    groups |= {name: [at] for at, name in enumerate(tree.ids) if at}
    chosen: dict[int, Distribution] = {}
    for key in sorted(plan.weights, key=lambda name: (name in tree.ids, name != "all")):
        varied = [at for at in groups.get(key, ()) if at in free]
        chosen |= dict.fromkeys(varied, plan.weights[key])
        if key not in groups:
            yield _unknown(f"weights.{key}", key, groups, "an indicator, a level_N, or all")
        elif not varied and "weights" in plan.model_fields_set:
            hint = "a bonus varies under alternatives:; an only child has nothing to weigh against"
            yield _refused(f"weights.{key}", "a weight that counts beside others", repr(key), hint)
    for node in range(len(tree.ids)):
        kinds = [chosen.get(at) for at in _competing(tree, node)]
        joint = [each for each in kinds if isinstance(each, DirichletFactor)]
        if joint and any(each != joint[0] for each in kinds):
            expected = f"one dirichlet for all indicators below {tree.ids[node]!r}"
            yield _refused("weights", expected, "several distributions", "name their level")
    words = {node.id: node for node in system.nodes()}
    for at, distribution in sorted(chosen.items()):
        node = words[tree.ids[at]]
        told = Words(zh=f"{node.zh}权重", en=f"weight of {node.en}")
        yield WeightFactor(f"{node.id}.weight", told, node.id, distribution)


def _competing(tree: Hierarchy, node: int) -> list[int]:
    """Return the children of a node whose weights count beside one another."""
    core = [int(at) for at in tree.core(node) if tree.weight[at] > 0]
    return core if len(core) > 1 else []


def _choices(plan: MethodPlan, system: System) -> Iterator[tuple[str, OptionFactor | Finding]]:
    """Yield the lists of options with their place in the plan, not yet checked."""
    names = {node.id: Words(zh=node.zh, en=node.en) for node in system.nodes()}
    names[ROOT] = Words(zh="总体", en="the system")
    for place, averages in plan.aggregate.items():
        of = names.get(place, Words(zh=place, en=place))
        words = Words(zh=f"{of.zh}合成方法", en=f"average of {of.en}")
        told = [Words(zh=average_words(a, "zh"), en=average_words(a)) for a in averages]
        yield f"aggregate.{place}", _ways(f"{place}.aggregate", words, averages, told)
    for place, policies in plan.missing.items():
        of = names.get(place, Words(zh=place, en=place))
        words = Words(zh=f"{of.zh}缺项处理", en=f"missing parts of {of.en}")
        told = [Words(zh=missing_words(p, "zh"), en=missing_words(p)) for p in policies]
        yield f"missing.{place}", _ways(f"{place}.missing", words, policies, told)
    for place, rules in plan.normalise.items():
        yield f"normalise.{place}", _rules(place, rules, system)
    if plan.leave_out:
        tree = system.hierarchy
        each = [tree.ids[at] for at in leaf_indices(tree)]
        left_out = leaving_out(system, each if plan.leave_out == ("each",) else plan.leave_out)
        words = Words(zh="剔除指标", en="indicator left out")
        yield "leave_out", OptionFactor("leave_out", words, left_out)
    for name, settings in plan.alternatives.items():
        options = tuple(map(_setting, settings))
        yield f"alternatives.{name}", OptionFactor(name, Words(zh=name, en=name), options)


def _ways(name: str, words: Words, values: Sequence[Any], told: Sequence[Words]) -> OptionFactor:
    place, _, key = name.rpartition(".")
    options = [
        Option(_text(value), each, {place: {key: _plain(value)}})
        for value, each in zip(values, told, strict=True)
    ]
    return OptionFactor(name, words, tuple(options))


def _rules(place: str, rules: Sequence[AnyRule], system: System) -> OptionFactor | Finding:
    """Return the choice between rules for one item, for those of a leaf, or for all figures."""
    measured = list(system.leaf_items())
    figures = [item for _, item in measured if item.table in BY_UNIT]
    places: dict[str, tuple[Words, list[Item]]] = {
        item.id: (Words(zh=item.zh, en=item.en), [item]) for _, item in measured
    }
    for node, _ in measured:
        places[node.id] = Words(zh=node.zh, en=node.en), list(node.items)
    if figures:
        placed = [item for item in figures if isinstance(item.rule, Placement)]
        places[ROOT] = Words(zh="全部数值指标", en="all figures"), placed
    if place not in places:
        return _unknown(f"normalise.{place}", place, places, "an item, or an indicator with items")
    of, items = places[place]
    options = tuple(
        Option(_text(rule), Words(zh=rule_words(rule, "zh"), en=rule_words(rule, "en")),
               {item.id: {"rule": _plain(_directed(rule, item))} for item in items})
        for rule in rules
    )  # fmt: skip
    return OptionFactor(
        f"{place}.rule", Words(zh=f"{of.zh}计分规则", en=f"rule of {of.en}"), options
    )


def _directed(rule: AnyRule, item: Item) -> AnyRule:
    """Return a rule that keeps the direction of an item's, unless it states its own."""
    if not (isinstance(rule, Placement) and isinstance(item.rule, Placement)):
        return rule
    if "direction" in rule.model_fields_set:
        return rule
    return rule.model_copy(update={"direction": item.rule.direction})


def _setting(setting: Mapping[str, Any]) -> Option:
    changes: dict[str, dict[str, Any]] = {}
    for target, value in setting.items():
        name, _, key = target.rpartition(".")
        changes.setdefault(name, {})[key] = value
    text = _text(setting)
    return Option(text, Words(zh=text, en=text), changes)


def _checked(key: str, choice: OptionFactor, system: System) -> list[OptionFactor | Finding]:
    """Put the system as it is before the options, or return what is wrong with them."""
    wrong: list[OptionFactor | Finding] = []
    kept, seen = [AS_IT_IS], [system.model_dump()]
    for option in choice.options:
        try:
            changed = changed_system(system, option.changes, option.leave_out).model_dump()
        except InputError as error:
            for each in error.findings:
                place = key if key.endswith(f".{each.column}") else f"{key}.{each.column}"
                wrong.append(replace(each, column=place))
            continue
        if changed not in seen:
            kept.append(option)
            seen.append(changed)
        elif changed != seen[0] or not key.startswith(("aggregate", "missing", "normalise")):
            hint = "an alternative that changes nothing would vary nothing"
            wrong.append(_refused(key, "an alternative unlike the others", option.name, hint))
    if not wrong and len(kept) == 1:
        expected = "an alternative to the system as it is"
        wrong.append(_refused(key, expected, choice.options[0].name, "name another one"))
    return wrong or [replace(choice, options=tuple(kept))]


def _changed_twice(factors: Sequence[Factor]) -> Iterator[Finding]:
    """Find names that two factors have, and keys that two of them change."""
    names = Counter(factor.name for factor in factors)
    for name in (name for name, times in names.items() if times > 1):
        hint = "factors are named after the key that they change"
        yield _refused(f"alternatives.{name}", "a name of its own", f"{name!r} again", hint)
    changers: dict[str, list[str]] = {}
    for factor in factors:
        options = factor.options if isinstance(factor, OptionFactor) else ()
        pairs = {
            (place, key) for each in options for place, to in each.changes.items() for key in to
        }
        for place, key in sorted(pairs):
            changers.setdefault(f"{place}.{key}", []).append(factor.name)
    for key, by in changers.items():
        if len(by) > 1:
            hint = "put them into one list, so that a draw takes one of them"
            yield _refused(key, "changed by one factor", f"changed by {' and '.join(by)}", hint)


def _text(value: Any) -> str:
    if isinstance(value, BaseModel):
        return _text(value.model_dump(exclude_unset=True))
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_text(each)}" for key, each in value.items())
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_text, value))}]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _plain(value: Any) -> Any:
    return value.model_dump(exclude_unset=True) if isinstance(value, BaseModel) else value


def _refused(column: str, expected: str, got: str, hint: str) -> Finding:
    return Finding("wrong-value", Severity.ERROR, "", None, column, expected, got, hint)


def _unknown(column: str, name: str, names: Mapping[str, Any], expected: str) -> Finding:
    hint = did_you_mean(name, names)
    return Finding("unknown-name", Severity.ERROR, "", None, column, expected, repr(name), hint)
