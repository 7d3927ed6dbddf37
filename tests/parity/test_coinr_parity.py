"""Parity with COINr 1.1.14, the R package for composite indicators (MIT licence).

Every figure was made by the R call beside it, with R 4.2.2 and the sources of
github.com/bluefoxr/COINr at b9682034635df03279896b6cb025cd3534f82cbb, printed with 15 digits.
The files in ``data/`` that begin with ``asem`` and ``coinr_asem`` are its example data and the steps
of ``build_example_coin()``; see ``data/README.md``.

Where the definitions differ on purpose, a test says so: COINr's ``log_CT`` is not mirrored for a
left-skewed figure (its ``log_CT_plus`` is, and ours is that), COINr counts tied values only after
it has drawn them in, so that it may exceed ``winmax``, and its ranks give tied units the worst
place rather than the mean of their places.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from indicators.averages import PowerMean, average
from indicators.figures.settings import OutlierTreatment
from indicators.figures.treat import shape_of, treat
from indicators.rules.normalise import (
    GoalpostsRule,
    MaximumRule,
    MinMaxRule,
    RankRule,
    ReferenceRule,
    TargetRule,
    ZScoreRule,
)
from indicators.scores import Scores, score
from indicators.system_file import load_system
from survey.findings import Finding
from survey.intake import read_records
from survey.records import Records

DATA = Path(__file__).parent / "data"
X = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 100.0])
Y = np.array([-50, 12, 13, 13.5, 14, 15, 16, 17, 18, 19, 19.5])
Z = np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, np.nan])
O = np.array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 500, 1000.0])  # noqa: E741
P = np.array([2, 3, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 40, 60.0])
XT = np.array([*range(1, 21), 100, 200.0])


@pytest.mark.parametrize(
    ("values", "skewness", "kurtosis"),
    [
        (X, 3.11889574523909, 9.79924471616366),  # skew(x); kurt(x)
        (Y, -3.2227882073115, 10.5512782577078),  # skew(y); kurt(y)
        (Z, 0.659828879073858, 0.261022927689595),  # skew(z, na.rm = TRUE); kurt(z, na.rm = TRUE)
        (O, 2.56066133466656, 6.28201443139745),  # skew(o); kurt(o)
        (P, 2.47502961905953, 5.49457483570438),  # skew(p); kurt(p)
        (XT, 3.58557044886067, 13.33902326190406),  # c(skew(xt), kurt(xt))
    ],
)
def test_skewness_and_kurtosis(values, skewness, kurtosis):
    assert shape_of(values) == pytest.approx((skewness, kurtosis), rel=1e-13)


@pytest.mark.parametrize(
    ("values", "most", "expected"),
    [
        (X, 5, [1, 2, 3, 4, 5, 6, 7, 8, 9, 9]),  # winsorise(x)
        (Y, 5, [12, 12, 13, 13.5, 14, 15, 16, 17, 18, 19, 19.5]),  # winsorise(y)
        (O, 5, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 500, 500]),  # winsorise(o)
        (O, 1, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 500, 500]),  # winsorise(o, winmax = 1)
        (P, 5, [2, 3, 3, 3, 4, 4, 5, 5, 6, 7, 8, 9, 40, 40]),  # winsorise(p)
        # Treat(xt, f1 = "winsorise", f1_para = list(winmax = 5), f_pass = "check_SkewKurt")$x
        (XT, 5, [*range(1, 21), 20, 20]),
        # Two values are drawn in, so that a limit of two is enough; the second step moves the one
        # that was drawn in already and one more.
        (XT, 2, [*range(1, 21), 20, 20]),
        # Treat(xv, "winsorise", f1_para = list(winmax = 2), f_pass = "check_SkewKurt")$x
        (np.array([*range(1, 11), 30, 100.0]), 2, [*range(1, 11), 30, 30]),
    ],
)
def test_winsorising(values, most, expected):
    treated = treat(values, OutlierTreatment(winsorise=most, then="none"))
    assert treated.values.tolist() == expected
    assert treated.winsorised == (treated.values != values).sum()
    assert treated.passed


def test_log_where_winsorising_was_not_enough_is_of_the_original_values():
    # Treat(xt, f1 = "winsorise", f1_para = list(winmax = 1), f_pass = "check_SkewKurt",
    #       f2 = "log_CT")$x
    expected = [
        0.688134638736401, 1.095273387402595, 1.383791230901772, 1.607435909763427,
        1.790091412127358, 1.944480556245719, 2.078190759778183, 2.196112848483529,
        2.301584592660462, 2.396985768415530, 2.484072969039423, 2.564179830682508,
        2.638342788677390, 2.707383312114506, 2.771963526845863, 2.832624935683841,
        2.889816047962442, 2.943912524824194, 2.995232148512309, 3.044046133832542,
        4.615021502038466, 5.303255155577660,
    ]  # fmt: skip
    treated = treat(XT, OutlierTreatment(winsorise=1, then="log"))
    assert treated.transform == "log"
    assert treated.values == pytest.approx(expected, rel=1e-13)


def test_log_of_a_right_and_of_a_left_skewed_figure():
    # log_CT(x)$x
    right = [
        -0.0100503358535015, 0.6881346387364010, 1.0952733874025951, 1.3837912309017721,
        1.6074359097634274, 1.7900914121273581, 1.9444805562457190, 2.0781907597781832,
        2.1961128484835291, 4.6050701809877577,
    ]  # fmt: skip
    # log_CT_plus(y)$x; log_CT(y) would not be mirrored
    left = [
        -4.251277083423915, -2.103524212195793, -1.973386340339331, -1.901360979143136,
        -1.823742515081106, -1.647696624551191, -1.433893339919170, -1.161587087829498,
        -0.786182046527135, -0.178146185383474, 0.363843433417344,
    ]  # fmt: skip
    assert treat(X, "log").values == pytest.approx(right, rel=1e-12)
    assert treat(Y, "log").values == pytest.approx(left, rel=1e-12)


def test_winsorising_stops_at_ties_that_would_exceed_the_limit():
    values = np.array([1.0, *np.linspace(1, 3, 28), 50, 50, 50])
    assert treat(values, OutlierTreatment(winsorise=2, then="none")).winsorised == 0
    assert treat(values, OutlierTreatment(winsorise=3, then="none")).winsorised == 3


NA = np.nan
NORMALISED = [
    # n_minmax(z) is 0 to 100
    (MinMaxRule(minmax=(0, 10)), [2.5, 0, 3.75, 0, 5, 10, 1.25, 6.25, 5, NA]),
    # n_minmax(z, c(1, 10))
    (MinMaxRule(minmax=(1, 10)), [3.25, 1, 4.375, 1, 5.5, 10, 2.125, 6.625, 5.5, NA]),
    (
        # n_zscore(z, c(5, 2))
        ZScoreRule(zscore=(5, 2)),
        [
            4.23019964108050, 2.69059892324150, 5, 2.69059892324150, 5.76980035891950,
            8.84900179459751, 3.46039928216100, 6.53960071783900, 5.76980035891950, NA,
        ],
    ),
    # n_goalposts(z, c(2, 6, 10), trunc2posts = FALSE); cutting to the scale is a later step
    (GoalpostsRule(goalposts=(2, 6)), [2.5, -2.5, 5, -2.5, 7.5, 17.5, 0, 10, 7.5, NA]),
    # n_fracmax(z), times 9 so that the figures are whole
    (MaximumRule(maximum=9), [3, 1, 4, 1, 5, 9, 2, 6, 5, NA]),
    # n_prank(z), times 10
    (RankRule(ranked="percentile"), [3.75, 0, 5, 0, 6.25, 10, 2.5, 8.75, 6.25, NA]),
    # n_borda(z, ties.method = "average"), divided by the 8 others, times 10
    (
        RankRule(ranked="borda"),
        [10 * b / 8 for b in (3, 0.5, 4, 0.5, 5.5, 8, 2, 7, 5.5)] + [NA],
    ),
    # n_dist2targ(z, targ = 6, cap_max = TRUE), times 10
    (TargetRule(target=6), [4, 0, 6, 0, 8, 10, 2, 10, 8, NA]),
    # n_dist2targ(z, targ = 2, direction = -1, cap_max = TRUE), times 10
    (
        TargetRule(target=2, direction="lower"),
        [8.57142857142857, 10, 7.14285714285714, 10, 5.71428571428571, 0, 10, 4.28571428571429,
         5.71428571428571, NA],
    ),
    # n_dist2ref(z, iref = 5, cap_max = TRUE), times 10
    (ReferenceRule(reference="u5"), [5, 0, 7.5, 0, 10, 10, 2.5, 10, 10, NA]),
    # n_goalposts(z, c(2, 6, 10), direction = -1) before it is cut: 10 minus the above
    (
        GoalpostsRule(goalposts=(2, 6), direction="lower"),
        [7.5, 12.5, 5, 12.5, 2.5, -7.5, 10, 0, 2.5, NA],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "expected"), NORMALISED, ids=lambda v: type(v).__name__)
def test_normalisation(rule, expected):
    frame = pd.DataFrame({"unit": [f"u{i}" for i in range(1, 11)], "z": Z})
    assert rule.points(frame, "z") == pytest.approx(np.array(expected), nan_ok=True, abs=1e-13)


def test_ranks_share_the_mean_of_tied_places():
    # n_rank(z) is 4 1 5 1 6 9 3 8 6: ties get the worst place; ours the mean of their places
    frame = pd.DataFrame({"z": Z[:9]})
    ranks = RankRule(ranked="rank").points(frame, "z") * 9 / 10
    assert ranks == pytest.approx([4, 1.5, 5, 1.5, 6.5, 9, 3, 8, 6.5])


V, W = np.arange(1.0, 11), np.arange(10.0, 0, -1)
VN, WN = np.array([2, np.nan, 8, 4]), np.array([0.4, 0.3, 0.2, 0.1])


@pytest.mark.parametrize(
    ("method", "values", "weights", "expected"),
    [
        ("arithmetic", V, W, 4.0),  # a_amean(v, w)
        ("geometric", V, W, 3.2053812883947),  # a_gmean(v, w)
        ("harmonic", V, W, 2.4753978317944),  # a_hmean(v, w)
        (PowerMean(power=-1), V, W, 2.4753978317944),  # a_genmean(v, w, p = -1)
        (PowerMean(power=2), V, W, 4.69041575982343),  # a_genmean(v, w, p = 2)
        (PowerMean(power=0.5), V, W, 3.60853192459571),  # a_genmean(v, w, p = 0.5)
        (PowerMean(power=1), V, W, 4.0),  # a_genmean(v, w, p = 1)
        ("arithmetic", VN, WN, 4.0),  # a_amean(vn, wn)
        ("geometric", VN, WN, 3.28134142403055),  # a_gmean(vn, wn)
        ("harmonic", VN, WN, 2.8),  # a_hmean(vn, wn)
        # a_genmean(vn, wn, p = 2) is NA; here missing parts are left out of every average
        (PowerMean(power=2), VN, WN, np.sqrt((0.4 * 4 + 0.2 * 64 + 0.1 * 16) / 0.7)),
    ],
)
def test_averages(method, values, weights, expected):
    assert float(average(method, values, weights)) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("method", ["geometric", "harmonic"])
def test_a_zero_gives_zero_where_coinr_stops(method):
    # a_gmean(c(0, 1), c(1, 1)) and a_hmean(c(0, 1), c(1, 1)) are errors
    assert float(average(method, np.array([0.0, 1.0]), np.ones(2))) == 0


class Units:
    def resolve_column(
        self, names: pd.Series, file: str, column: str, /
    ) -> tuple[pd.Series, tuple[Finding, ...]]:
        return names, ()


PIPELINE = """
id: asem
title: {zh: 亚欧可持续互联互通, en: ASEM Sustainable Connectivity}
source: {zh: COINr 示例数据, en: example data of COINr}
unit: {zh: 国家, en: country}
scale: 100
tree: asem_imeta.csv
figures:
  impute: {impute: mean, by: EurAsia_group}
  treat: {winsorise: 5, then: log}
"""


@pytest.fixture(scope="module")
def asem(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scores, tuple[Finding, ...]]:
    folder = tmp_path_factory.mktemp("asem")
    (folder / "asem_imeta.csv").write_bytes((DATA / "asem_imeta.csv").read_bytes())
    (folder / "asem.yaml").write_text(PIPELINE, encoding="utf-8")
    system = load_system(folder / "asem.yaml")
    answers = system.needed_columns()
    records, _ = read_records({"figures": DATA / "asem_data.csv"}, Units(), answers)
    attributes = pd.read_csv(DATA / "asem_data.csv").set_index("uCode")
    return score(records, system, list(records["figures"]["unit"]), attributes)


def coinr(step: str) -> pd.DataFrame:
    return pd.read_csv(DATA / f"coinr_asem_{step}.csv", index_col="uCode")


def test_asem_normalised(asem):
    # coin$Data$Normalised
    scores, expected = asem[0], coinr("normalised")
    found = pd.DataFrame(
        scores.items.mean[-1].T, index=list(scores.units), columns=list(scores.hierarchy.items)
    )
    assert set(found.columns) == set(expected.columns)
    found = found.reindex(index=expected.index, columns=expected.columns)
    assert found.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9)


def test_asem_treated(asem):
    # coin$Data$Treated
    (points,) = asem[0].points
    expected = coinr("treated")
    frame = points.frame.set_index("unit").loc[expected.index]
    held = [f"{name}:prepared" for name in expected.columns]
    assert frame[held].to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-11)


def test_asem_aggregated(asem):
    # coin$Data$Aggregated
    scores, expected = asem[0], coinr("aggregated")
    for name in expected:
        found = scores.of("total" if name == "Index" else name).loc[expected.index]
        assert found.to_numpy() == pytest.approx(expected[name].to_numpy(), abs=1e-9), name


def test_asem_findings_tell_what_was_treated(asem):
    # coin$Analysis$Treated$Dets_Table
    details = pd.read_csv(DATA / "coinr_asem_treat_details.csv", index_col="iCode")
    drawn = details["winsorise.nwin"].dropna()
    found = {f.column: f.count for f in asem[1] if f.check == "treated"}
    assert found == drawn[drawn > 0].astype(int).to_dict()


def test_coinr_metadata_is_a_system_by_itself():
    system = load_system(DATA / "asem_imeta.csv")
    answers = system.needed_columns()
    records, _ = read_records({"figures": DATA / "asem_data.csv"}, Units(), answers)
    assert isinstance(records, Records)
    scores, findings = score(records, system, list(records["figures"]["unit"]))
    assert len(scores.units) == 51
    assert len(scores.hierarchy.items) == 49
    assert not [f for f in findings if f.check == "imputed"]
    # Physical: LPI is neither divided nor treated, so its min-max is that of the raw column
    lpi = pd.read_csv(DATA / "asem_data.csv", index_col="uCode")["LPI"]
    points = scores.items.mean[-1, scores.hierarchy.items.index("LPI")]
    expected = 10 * (lpi - lpi.min()) / (lpi.max() - lpi.min())
    assert points == pytest.approx(expected.to_numpy(), abs=1e-12)
