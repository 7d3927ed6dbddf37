import numpy as np
import pytest
from scipy import stats

from analysis.trends.changes import compare_editions
from analysis.trends.judging import adjusted, judge
from analysis.trends.sentences import change_sentence
from analysis.uncertainty.bootstrap import bootstrap
from indicators.nodes import Words

CITY = Words(zh="城市", en="city")


def with_se(scores, se=0.1):
    return scores.with_se(np.full_like(scores.score, se))


def test_change_has_the_variance_of_both_editions(make_system, make_edition):
    system = make_system()
    before, after = (make_edition(system, 1), make_edition(system, 2, lift=[0.6, 0, 0, -0.6]))
    changes, findings = compare_editions(with_se(before, 0.03), with_se(after, 0.04))
    table = changes.units.set_index(["audience", "indicator", "unit"])
    row = table.loc[("all", "total", "a")]
    change = after.of("total")["a"] - before.of("total")["a"]
    assert row["change"] == pytest.approx(change)
    assert row["high"] - row["change"] == pytest.approx(stats.norm.ppf(0.975) * 0.05)
    assert row["p"] == pytest.approx(2 * stats.norm.sf(abs(change) / 0.05))
    family = table.sort_index().loc[("all", "total")]
    assert family["p_adjusted"].to_numpy() == pytest.approx(
        stats.false_discovery_control(family["p"])
    )
    assert len(table) == 4 * 3 * 3
    assert (table["basis"] == "same").all()
    assert findings == ()
    assert set(changes.movers()["unit"]) >= {"a", "d"}
    assert changes.movers()["change"].is_monotonic_decreasing


def test_mean_over_units_has_the_error_of_a_mean(make_system, make_edition):
    system = make_system()
    changes, _ = compare_editions(
        with_se(make_edition(system, 1), 0.3), with_se(make_edition(system, 2), 0.4)
    )
    row = changes.national.set_index(["audience", "indicator"]).loc[("all", "care")]
    assert row["n"] == 4
    assert row["high"] - row["change"] == pytest.approx(stats.norm.ppf(0.975) * 0.5 / 2)
    total = changes.national.query("indicator == 'total'")
    assert np.allclose(total["p"], total["p_adjusted"])  # judged by itself


def test_error_of_the_mean_total_comes_from_the_draws(make_system, make_edition):
    system = make_system()
    scores = [make_edition(system, 1), make_edition(system, 2)]
    draws = [bootstrap(each, replicates=300, seed=at)[0] for at, each in enumerate(scores)]
    changes, _ = compare_editions(
        *(s.with_se(d.se) for s, d in zip(scores, draws, strict=True)), *draws
    )
    row = changes.national.set_index(["audience", "indicator"]).loc[("all", "total")]
    expected = np.sqrt(sum(d.total.mean(axis=1).var(ddof=1) for d in draws))
    assert row["high"] - row["change"] == pytest.approx(stats.norm.ppf(0.975) * expected)


def test_noise_alone_is_seldom_named_and_a_rise_is(make_system, make_edition):
    system, units = make_system(), tuple(f"u{i:02}" for i in range(40))
    before, after = (make_edition(system, seed, units=units, n=60) for seed in (1, 2))
    draws = [bootstrap(each, replicates=300, seed=seed)[0]
             for seed, each in enumerate((before, after))]  # fmt: skip
    quiet, _ = compare_editions(before, after, *draws)
    assert len(quiet.movers()) <= 2
    assert len(quiet.rank_movers()) <= 2
    lifted = make_edition(system, 2, units=units, n=60, lift=[1.5] * 4 + [0] * 36)
    again, _ = bootstrap(lifted, replicates=300, seed=1)
    changes, _ = compare_editions(before, lifted, draws[0], again)
    rose = changes.movers().query("verdict == 'rise'")["unit"]
    assert set(rose) >= set(units[:4])
    assert len(rose) <= 6


def test_ranks_are_among_the_units_of_both_editions(make_system, make_edition):
    system = make_system()
    before = make_edition(system, 1, units=("a", "b", "c", "gone"), n=60)
    after = make_edition(system, 2, units=("a", "b", "c", "new"), n=60, lift=[3, 0, 0, 4])
    draws = [bootstrap(each, replicates=400)[0] for each in (before, after)]
    changes, findings = compare_editions(before, after, *draws)
    ranks = changes.ranks.set_index("unit")
    assert ranks.loc["a", ["rank_before", "rank_after", "moved"]].tolist() == [3, 1, 2]
    assert (ranks["low"] <= ranks["moved"]).all()
    assert (ranks["moved"] <= ranks["high"]).all()
    assert ranks["verdict"].tolist()[0] == "up"
    assert [(f.column, f.count) for f in findings] == [("units", 1), ("units", 1)]
    plain, _ = compare_editions(before, after)
    assert plain.ranks["low"].isna().all()
    assert (plain.ranks["verdict"] == "unclear").all()


def test_what_was_redefined_is_told(make_system, make_edition):
    def change(data):
        data["children"][0]["items"][0]["weight"] = 5
        data["children"][1]["id"] = "manners"

    before, after = make_edition(make_system(), 1), make_edition(make_system(change), 2)
    changes, findings = compare_editions(with_se(before), with_se(after))
    basis = changes.national.query("audience == 'all'").set_index("indicator")["basis"]
    assert basis.to_dict() == {"total": "redefined", "speed": "redefined"}
    found = {finding.check: finding.column for finding in findings}
    assert found == {"one-edition-only": "indicators", "redefined": "total, speed"}


def test_changes_without_error_are_judged_by_sign_or_not_at_all(make_system, make_edition):
    system = make_system()
    before, after = make_edition(system, 1), make_edition(system, 1, lift=[1, 0, 0, -1])
    exact, _ = compare_editions(with_se(before, 0.0), with_se(after, 0.0))
    table = exact.units.query("audience == 'all' and indicator == 'total'")
    assert table["verdict"].tolist() == ["rise", "unclear", "unclear", "fall"]
    assert table["p"].isna().all()
    blind, findings = compare_editions(before, after)
    assert (blind.units["verdict"] == "unclear").all()
    assert {finding.check for finding in findings} == {"change-without-error"}


def test_one_unit_and_none(make_system, make_edition):
    system = make_system()
    one = with_se(make_edition(system, 1, units=("a",)))
    changes, _ = compare_editions(one, with_se(make_edition(system, 2, units=("a",), lift=1)))
    assert changes.movers()["verdict"].tolist() == ["rise"]
    assert changes.ranks["moved"].tolist() == [0]
    nobody, _ = compare_editions(one, with_se(make_edition(system, 2, units=("b",))))
    assert nobody.units.empty
    assert nobody.national.empty
    assert nobody.ranks.empty
    assert "无从比较" in change_sentence(nobody, CITY)


def test_adjusted_leaves_nan_out_of_its_family():
    p = np.array([[0.01, 0.2], [np.nan, 0.04], [0.04, 0.03]])
    assert adjusted(p, "bh")[:, 0] == pytest.approx([0.02, np.nan, 0.04], nan_ok=True)
    assert adjusted(p, "holm")[:, 1] == pytest.approx([0.2, 0.09, 0.09])
    assert np.isnan(adjusted(np.full((2, 1), np.nan), "bh")).all()
    none = judge(np.array([]), np.array([]), 0.95, "bh")
    assert len(none["verdict"]) == 0


def test_sentences_count_and_name(make_system, make_edition):
    system = make_system()
    before, after = make_edition(system, 1), make_edition(system, 1, lift=[1, 0, 0, -2])
    changes, _ = compare_editions(with_se(before), with_se(after))
    zh, en = (change_sentence(changes, CITY, lang) for lang in ("zh", "en"))
    assert "1个城市明显上升，1个明显下降，2个的变化在误差范围内" in zh
    assert "升幅较大的有a（+" in zh
    assert "降幅较大的有d（-" in zh
    assert "误判的比例平均不超过5%" in zh
    assert "1 clearly rose, 1 clearly fell, and the change of 2 lies within" in en
    steady, _ = compare_editions(with_se(before), with_se(before), adjust="holm")
    assert "基本持平" in change_sentence(steady, CITY)
    assert "误判任何一个的可能不超过5%" in change_sentence(steady, CITY)
