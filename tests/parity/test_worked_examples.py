"""Published worked examples; each figure names its document, page or table.

Tolerances are half a unit of the last printed digit, or what a comment beside them says.
"""

import math
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from indicators.averages import OrderedAverage, average
from indicators.rules.normalise import MaximumRule, MinMaxRule, RankRule, ZScoreRule
from indicators.scores import Scores, score
from indicators.system import System
from indicators.weights.from_data import critic_weights, entropy_weights, pca_weights, varimax
from indicators.weights.methods import AhpWeights
from survey.records import Records

DATA = Path(__file__).parent / "data"


def words(name: str) -> dict[str, str]:
    return {"zh": name, "en": name}


def scored(system: dict, table: pd.DataFrame) -> Scores:
    """Score a table whose index is the units."""
    full = {"id": "s", "title": words("s"), "source": words("s")} | system
    frame = table.rename_axis("unit").reset_index()
    frame.index = pd.RangeIndex(2, len(frame) + 2, name="row")
    records = Records({"figures": frame})
    return score(records, System.model_validate(full), list(frame["unit"]))[0]


def figure(name: str, rule: dict, **more: object) -> dict:
    return {"id": name, **words(name), "table": "figures", "rule": rule, **more}


# UNDP: Human Development Index -----------------------------------------------------------------
HDI = {
    "scale": 1,
    "aggregate": "geometric",
    "children": [
        {
            "id": "health",
            **words("health"),
            "items": [figure("life_expectancy", {"goalposts": [20, 85]})],
        },
        {
            "id": "education",
            **words("education"),
            "items": [
                figure("expected_years_schooling", {"goalposts": [0, 18]}),
                figure("mean_years_schooling", {"goalposts": [0, 15]}),
            ],
        },
        {
            "id": "income",
            **words("income"),
            "items": [figure("gni_per_capita_ppp2017", {"goalposts": [100, 75000], "log": True})],
        },
    ],
}


def test_human_development_index_of_25_countries():
    # HDR 2023/24, technical note 1; published to 3 decimals
    table = pd.read_csv(DATA / "hdi_2022.csv", index_col="country")
    scores = scored(HDI, table)
    assert len(table) == 25
    assert scores.of("total").round(3).to_dict() == table["hdi_published"].to_dict()


def test_human_development_index_of_china_by_dimension():
    # HDR 2023/24: life expectancy 78.6, schooling 15.2 and 8.1 years, income 18,025 -> 0.788
    scores = scored(HDI, pd.read_csv(DATA / "hdi_2022.csv", index_col="country"))
    assert scores.of("health")["China"] == pytest.approx((78.587 - 20) / 65, abs=1e-12)
    income = (math.log(18024.88747) - math.log(100)) / (math.log(75000) - math.log(100))
    assert scores.of("income")["China"] == pytest.approx(income, abs=1e-12)
    assert scores.of("total")["China"] == pytest.approx(0.788, abs=5e-4)


def test_human_development_index_worked_in_the_technical_note():
    # HDR 2020, technical note 1, example: income index of 3,829 is .5506, and the indices .6971,
    # .3447 and .5506 give .510
    country = pd.DataFrame({"gni_per_capita_ppp2017": [3829.0]}, index=["A"])
    system = {"scale": 1, "children": [HDI["children"][2]]}
    assert scored(system, country).of("income")["A"] == pytest.approx(0.5506, abs=5e-5)
    indices = np.array([0.6971, 0.3447, 0.5506])
    assert float(average("geometric", indices, np.ones(3))) == pytest.approx(0.510, abs=6e-4)


def test_marks_cap_what_lies_beyond_them():
    table = pd.read_csv(DATA / "hdi_2022.csv", index_col="country")
    income = scored(HDI, table).of("income")
    assert (table.loc[["Singapore", "Qatar"], "gni_per_capita_ppp2017"] > 75000).all()
    assert income[["Singapore", "Qatar"]].tolist() == [1.0, 1.0]


# OECD and JRC (2008): Technology Achievement Index ---------------------------------------------
FIGURES = ["patents", "royalties", "internet", "exports", "telephones_log", "electricity_log",
           "schooling", "university"]  # fmt: skip


@pytest.fixture(scope="module")
def tai() -> pd.DataFrame:
    return pd.read_csv(DATA / "oecd_2008_tai.csv", index_col="country")


@pytest.mark.parametrize(
    ("rule", "column", "scale", "tolerance"),
    [
        (ZScoreRule(zscore=(5, 1)), "t15_zscore", 1, 0.00501),
        (MinMaxRule(minmax=(0, 10)), "t15_minmax", 10, 0.00501),
        (MaximumRule(maximum=10), "t15_ratio_best", 10, 0.00501),
    ],
)
def test_normalisation_of_years_of_schooling(tai, rule, column, scale, tolerance):
    # Handbook, Table 15, p. 87, two decimals; z-scores with the standard deviation of a sample
    points = rule.points(tai, "schooling")
    found = points - 5 if column == "t15_zscore" else points / scale
    assert found == pytest.approx(tai[column].to_numpy(), abs=tolerance)


def test_ranks_of_years_of_schooling(tai):
    # Handbook, Table 15, p. 87: rank from the worst, where ties get the first of their places;
    # PERCENTRANK counts those strictly worse, so rank = 1 + points / 10 * (n - 1)
    points = RankRule(ranked="percentile").points(tai, "schooling")
    assert 1 + points / 10 * 22 == pytest.approx(tai["t15_rank"].to_numpy(), abs=1e-9)


GOALPOSTS = {
    # Saisana, Saltelli and Tarantola (2005), JRSS-A 168(2), Table 1, p. 313 (UNDP 2001), telephones
    # and electricity up to the mean of the OECD countries
    "patents": [0, 994], "royalties": [0, 272.6], "internet": [0, 232.4], "exports": [0, 80.8],
    "telephones_log": [0, math.log10(901)], "electricity_log": [math.log10(22), math.log10(6969)],
    "schooling": [0.8, 12], "university": [0.1, 27.4],
}  # fmt: skip


def tai_system(weights: list[float] | None = None) -> dict:
    items = [
        figure(name, {"goalposts": GOALPOSTS[name]}, weight=weights[at] if weights else 1.0)
        for at, name in enumerate(FIGURES)
    ]
    return {"scale": 1, "children": [{"id": "tai", **words("tai"), "items": items}]}


@pytest.mark.parametrize(
    ("weights", "column"),
    [
        (None, "t23_equal_rank"),
        # Table 22, p. 100: budget allocation
        ([0.11, 0.11, 0.11, 0.18, 0.10, 0.06, 0.15, 0.18], "t23_bap_rank"),
    ],
)
def test_ranks_of_the_technology_achievement_index(tai, weights, column):
    # Handbook, Table 23, p. 100: all 23 ranks
    ranking = scored(tai_system(weights), tai).ranking("tai").set_index("unit")["rank"]
    assert ranking.loc[tai.index].tolist() == tai[column].tolist()


def test_published_technology_achievement_index(tai):
    # UNDP, Human Development Report 2001, to 2 decimals. Singapore is left out: its published
    # value (.585) does not follow from the figures that the Handbook prints for it
    published = {"Finland": 0.74, "United States": 0.73, "Sweden": 0.70, "Japan": 0.70,
                 "Korea, Rep. of": 0.67, "Netherlands": 0.63, "Canada": 0.59}  # fmt: skip
    found = scored(tai_system(), tai).of("tai")
    # telephones and electricity have two decimals, as logarithms: 0.0015 of the index
    for country, value in published.items():
        assert found[country] == pytest.approx(value, abs=0.0065)


def test_ranks_under_a_geometric_mean(tai):
    # Handbook, Table 38, p. 116, GME: geometric mean of the figures as they are, all 23 ranks
    means = average("geometric", tai[FIGURES].to_numpy(dtype=float).T, np.ones((8, 1)))
    ranks = pd.Series(-means, index=tai.index).rank().astype(int)
    assert ranks.tolist() == tai["t38_geometric_rank"].tolist()


def test_geometric_mean_compensates_less():
    # Handbook, p. 104: (21, 1, 1, 1) and (6, 6, 6, 6); one more point of the second part lifts
    # 2.14 to 2.54 and 6 to 6.23 (printed cut, not rounded)
    def cut(*values: float) -> float:
        return math.floor(100 * float(average("geometric", np.array(values), np.ones(4)))) / 100

    assert float(average("arithmetic", np.array([21.0, 1, 1, 1]), np.ones(4))) == 6
    assert [cut(21, 1, 1, 1), cut(21, 2, 1, 1)] == [2.14, 2.54]
    assert float(average("geometric", np.full(4, 6.0), np.ones(4))) == pytest.approx(6, abs=1e-14)
    assert cut(6, 7, 6, 6) == 6.23


def loadings(tai: pd.DataFrame, factors: int) -> tuple[np.ndarray, np.ndarray]:
    values, vectors = np.linalg.eigh(np.corrcoef(tai[FIGURES].to_numpy(float).T))
    order = np.argsort(values)[::-1]
    return values[order], vectors[:, order][:, :factors] * np.sqrt(values[order][:factors])


def test_principal_components_and_varimax(tai):
    # Handbook, p. 70: the first four explain 87.2 %; Table 17, p. 90: rotated loadings (signs are
    # free) and the variance they explain. Two figures have two decimals as logarithms: 0.025.
    values, first_four = loadings(tai, 4)
    assert values[:4].sum() / 8 == pytest.approx(0.872, abs=0.001)
    table_8 = [0.11, 0.56, 0.92, 0.35, 0.76, 0.91, 0.74, 0.36]
    assert np.abs(first_four[:, 0]) == pytest.approx(table_8, abs=0.0101)
    rotated = varimax(first_four)
    table_17 = np.array([
        [0.07, 0.13, 0.79, 0.64, 0.37, 0.82, 0.88, 0.08],
        [0.97, 0.07, 0.21, 0.56, 0.17, 0.04, 0.23, 0.04],
        [0.06, 0.07, 0.21, 0.04, 0.38, 0.25, 0.09, 0.96],
        [0.06, 0.93, 0.42, 0.36, 0.68, 0.35, 0.09, 0.04],
    ])  # fmt: skip
    matched = [np.abs(np.abs(rotated.T) - row).max(axis=1).argmin() for row in table_17]
    assert sorted(matched) == [0, 1, 2, 3]
    assert np.abs(rotated[:, matched].T) == pytest.approx(table_17, abs=0.025)
    explained = (rotated[:, matched] ** 2).sum(axis=0)
    assert explained == pytest.approx([2.64, 1.39, 1.19, 1.76], abs=0.03)


def test_weights_by_principal_components_on_four_factors(tai):
    # Handbook, Table 18, p. 91, PC: two decimals from loadings of two decimals
    rotated = varimax(loadings(tai, 4)[1]) ** 2
    weights = rotated.max(axis=1) / rotated.max(axis=1).sum()
    published = [0.17, 0.15, 0.11, 0.07, 0.08, 0.12, 0.14, 0.16]
    assert weights == pytest.approx(published, abs=0.0101)
    # eigenvalues above 1, and 60 % together, keep two factors of these 23 countries (the Handbook
    # itself goes on with four)
    found = pca_weights(tai[FIGURES].to_numpy(float))
    assert found.statistics["factors"] == 2
    assert found.statistics["explained"] == pytest.approx(0.6376, abs=5e-4)


# Analytic hierarchy process -----------------------------------------------------------------------
def reciprocal(size: int, upper: list[list[str | float]]) -> dict[str, dict[str, str | float]]:
    """Comparisons of members m0, m1, … from the rows above the diagonal."""
    return {
        f"m{i}": {f"m{i + 1 + j}": value for j, value in enumerate(row)}
        for i, row in enumerate(upper)
        if i < size - 1
    }


def weigh(size: int, upper: list[list[str | float]]) -> tuple[np.ndarray, float, float]:
    method = AhpWeights.model_validate(
        {"ahp": reciprocal(size, upper), "accept_inconsistency": True}
    )
    found = method.weigh([f"m{i}" for i in range(size)])
    return (
        found.weight, found.statistics["lambda_max"], found.statistics["consistency_ratio"],
    )  # fmt: skip


def test_ahp_choice_of_a_house():
    # Saaty (1990), How to make a decision, European Journal of Operational Research 48:9-26
    weights, greatest, ratio = weigh(8, [
        [5, 3, 7, 6, 6, "1/3", "1/4"], ["1/3", 5, 3, 3, "1/5", "1/7"], [6, 3, 4, 6, "1/5"],
        ["1/3", "1/4", "1/7", "1/8"], ["1/2", "1/5", "1/6"], ["1/5", "1/6"], ["1/2"],
    ])  # fmt: skip
    published = [0.173, 0.054, 0.188, 0.018, 0.031, 0.036, 0.167, 0.333]
    assert weights == pytest.approx(published, abs=6e-4)
    assert greatest == pytest.approx(9.669, abs=5e-4)
    assert ratio == pytest.approx(0.169, abs=5e-4)


def test_ahp_relative_consumption_of_drinks():
    # Saaty (2008), Decision making with the analytic hierarchy process, International Journal of
    # Services Sciences 1:83-98
    weights, _, ratio = weigh(7, [
        [9, 5, 2, 1, 1, "1/2"], ["1/3", "1/9", "1/9", "1/9", "1/9"], ["1/3", "1/4", "1/3", "1/9"],
        ["1/2", 1, "1/3"], [2, "1/2"], ["1/3"],
    ])  # fmt: skip
    published = [0.177, 0.019, 0.042, 0.116, 0.190, 0.129, 0.327]
    assert weights == pytest.approx(published, abs=6e-4)
    assert ratio == pytest.approx(0.022, abs=5e-4)


def test_ahp_choice_of_a_school():
    # Wang and Chin (2011), Information Sciences 181:5240-5248, in the tests of pymcdm
    # (kotbaton/pymcdm at 76e773513ae9a259522e2289b271967f07a1d418, test_weights.py)
    weights, _, _ = weigh(6, [
        [4, 3, 1, 3, 4], [7, 3, "1/5", 1], ["1/5", "1/5", "1/6"], [1, "1/3"], [3],
    ])  # fmt: skip
    assert weights == pytest.approx([0.3208, 0.1395, 0.0348, 0.1285, 0.2374, 0.1391], abs=6e-5)


def test_ahp_comparisons_of_the_handbook_agree():
    # Handbook, Table 20, p. 97: it prints the comparisons, but no weights of them alone,
    # so that the eigenvector is found here by power iteration of the full matrix
    upper = [
        [2, 3, 2, 5, 5, 1, 3], [2, "1/2", 4, 4, "1/2", 3], ["1/4", 2, 2, "1/5", "1/2"],
        [4, 4, "1/2", 3], [1, "1/5", "1/2"], ["1/5", "1/2"], [4],
    ]  # fmt: skip
    weights, greatest, ratio = weigh(8, upper)
    matrix = np.eye(8)
    for i, row in enumerate(upper):
        for j, value in enumerate(row, start=i + 1):
            matrix[i, j] = float(Fraction(value))
            matrix[j, i] = 1 / matrix[i, j]
    vector = np.ones(8)
    for _ in range(200):
        vector = matrix @ vector / (matrix @ vector).sum()
    assert weights == pytest.approx(vector, abs=1e-12)
    assert greatest == pytest.approx((matrix @ vector / vector).mean(), abs=1e-10)
    assert ratio == pytest.approx((greatest - 8) / 7 / 1.41, abs=1e-12)
    assert ratio < 0.1


# Weights from data -------------------------------------------------------------------------------
def test_critic_of_eight_firms():
    # Diakoulaki, Mavrotas and Papayannakis (1995), Computers & Operations Research 22:763-770, to
    # 8 decimals in the tests of scikit-criteria (quatrope/scikit-criteria at
    # 35f17eeeafd80d666aac740be7c4eba9b14359b8, tests/preprocessing/test_weighters.py)
    firms = np.array([
        [61, 1.08, 4.33], [20.7, 0.26, 4.34], [16.3, 1.98, 2.53], [9, 3.29, 1.65],
        [5.4, 2.77, 2.33], [4, 4.12, 1.21], [-6.1, 3.52, 2.10], [-34.6, 3.31, 0.98],
    ])  # fmt: skip
    published = [0.20222554, 0.48090173, 0.31687273]
    assert critic_weights(firms).weight == pytest.approx(published, abs=6e-9)


def test_critic_of_software():
    # Tus and Adali (2019), Opsearch 56:528-538, to 3 decimals in the tests of pymcdm
    software = np.array([
        [5000, 3, 3, 4, 3, 2], [680, 5, 3, 2, 2, 1], [2000, 3, 2, 3, 4, 3], [600, 4, 3, 1, 2, 2],
        [800, 2, 4, 3, 3, 4],
    ], dtype=float)  # fmt: skip
    published = [0.157, 0.249, 0.168, 0.121, 0.154, 0.151]
    assert critic_weights(software).weight == pytest.approx(published, abs=5.1e-4)


def test_entropy_of_twelve_alternatives():
    # Elsayed et al. (2017), International Journal of Engineering Trends and Technology 46:60-66,
    # to 6 decimals in the tests of pymcdm
    table = np.array([
        [7, 312, 1891, 6613, 163], [72, 88, 728, 941804, 1078], [10, 252, 2594, 3466, 117471],
        [10, 145, 980, 2371, 86329], [65, 54, 350, 501, 29897], [29, 48, 380, 912, 34051],
        [7, 476, 3300, 78470, 2212], [70, 87, 650, 733, 819000], [4, 86, 591, 3015, 103],
        [12, 79, 579, 3240, 96098], [21, 45, 261, 1253, 453], [1, 72, 530, 4333, 0.1048],
    ])  # fmt: skip
    published = [0.104991, 0.069124, 0.071373, 0.449937, 0.304575]
    assert entropy_weights(table).weight == pytest.approx(published, abs=6e-7)


def test_entropy_of_two_alternatives():
    # scikit-criteria, tests/preprocessing/test_weighters.py, as above
    found = entropy_weights(np.array([[1.0, 2], [4, 16]])).weight
    assert found == pytest.approx([0.358889, 0.641111], abs=1e-6)


# Ordered weighted averages -----------------------------------------------------------------------
@pytest.mark.parametrize(
    ("values", "owa", "expected"),
    [
        # the textbook with ISBN 978-1-926895-38-3, example 2.39, p. 109
        ([5, 6, 4], [0.2, 0.7, 0.1], 5.1),
        # tdebatty/java-aggregation at bb8778240f4165511668ef3f6ddb3d02e941b1cc, OWATest
        ([0.4, 0.2, 0.3, 0.1, 0], [0.1, 0.2, 0.3, 0.4, 0], 0.2),
        ([1, 0.8, 0.6, 0.2, 0.2], [0.2, 0.4, 0.3, 0.1, 0], 0.72),
    ],
)
def test_owa(values, owa, expected):
    found = average(OrderedAverage(owa=tuple(owa)), np.array(values, float), np.ones(len(values)))
    assert float(found) == pytest.approx(expected, abs=1e-14)


def test_wowa_is_an_owa_with_equal_weights_and_a_mean_with_an_even_quantifier():
    # Torra (1997), International Journal of Intelligent Systems 12:153-166; both identities hold
    # for every interpolation. With unequal weights on both sides, the linear quantifier by hand:
    # the sorted shares reach 0.1, 0.4, 0.6, 1, and their steps are worth 0.05, 0.25, 0.30, 0.40
    values = np.array([0.4, 0.2, 0.3, 0.1, 0.0])
    weights = np.array([0.1, 0.2, 0.3, 0.4, 0.0])
    even = OrderedAverage(owa=(1, 1, 1, 1, 1))
    third = OrderedAverage(owa=(0, 1, 0, 0, 0))
    assert float(average(even, values, weights)) == pytest.approx((values * weights).sum())
    assert float(average(third, values, np.ones(5))) == pytest.approx(0.3)
    same = OrderedAverage(owa=(0.1, 0.2, 0.3, 0.4, 0))
    assert float(average(same, values, weights)) == pytest.approx(0.195, abs=1e-14)
