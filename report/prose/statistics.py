"""How a test between groups is written: its name, p value, effect size and interval."""

from typing import Any

from report.prose.terms import level, span
from report.prose.wording import p_value, score
from report.results import Results

TESTS = {
    "kruskal-wallis": ("Kruskal–Wallis检验", "Kruskal–Wallis test"),
    "mann-whitney": ("Mann–Whitney检验", "Mann–Whitney test"),
    "brown-forsythe": ("Brown–Forsythe检验", "Brown–Forsythe test"),
    "welch-t": ("Welch t检验", "Welch's t test"),
}
EFFECTS = {
    "epsilon_squared": ("ε²", "ε²"),
    "omega_squared": ("ω²", "ω²"),
    "cliffs_delta": ("Cliff δ", "Cliff's δ"),
    "hedges_g": ("Hedges g", "Hedges' g"),
}


def statistics(results: Results, test: Any) -> str:
    """Write a test with its effect size and interval, in brackets."""
    lang = results.lang
    name, effect = results.say(*TESTS[test.test]), results.say(*EFFECTS[test.effect_name])
    known, p = span(results, test.low, test.high), p_value(test.p_adjusted, lang)
    size = results.say(f"效应量{effect}为{score(test.effect)}", f"{effect} {score(test.effect)}")
    if known:
        size += results.say(
            f"，{level(results)}区间{known}", f", {level(results)} interval {known}"
        )
    return results.say(f"（{name}，{p}，{size}）", f" ({name}, {p}, {size})")
