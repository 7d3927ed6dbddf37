"""Results without what rests on few persons."""

import copy
import re
import shutil
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline_index.edition import open_edition
from hotline_index.pipeline import run
from hotline_index.progress import Quiet
from hotline_index.reading import plain_scores
from hotline_index.suppression.pattern import closed
from hotline_index.suppression.scores import Hidden, hidden_scores, persons_behind
from hotline_index.suppression.tables import suppressed_changes, suppressed_results
from hotline_index.suppression.texts import suppressed_keywords, suppressed_topics
from indicators.aggregate import roll_up
from indicators.scores import Scores
from indicators.system_file import SYSTEMS
from report.profiles import write_profiles
from report.results import read_results

Left = Mapping[tuple[str, str], int]
CITIES = ["长沙", "北京", "吉林", "苏州"]
STEP = 1e-4


def few_left(folder, left: Left) -> None:
    """Leave only the first questionnaires of some cities and audiences in an edition."""
    path = folder / "data/responses.csv"
    frame = pd.read_csv(path, dtype=str)
    for (unit, audience), n in left.items():
        own = (frame["unit"] == unit) & (frame["audience"] == audience)
        frame = frame[~own | (own.cumsum() <= n)]
    frame.to_csv(path, index=False)


def nodes_of(system: dict) -> dict[str, dict]:
    found: dict[str, dict] = {}

    def walk(children: list[dict]) -> None:
        for child in children:
            found[child["id"]] = child
            walk(child.get("children", []))

    walk(system["children"])
    return found


def plain(system: dict) -> None:
    """Leave the system as it is."""


def geometric(system: dict) -> None:
    system["across_audiences"] = "geometric"
    nodes_of(system)["value"]["aggregate"] = "geometric"


def other_averages(system: dict) -> None:
    nodes = nodes_of(system)
    nodes["process"]["aggregate"] = {"power": 2}
    nodes["value_society"]["aggregate"] = "harmonic"
    nodes["value_government"]["aggregate"] = "geometric"


def averages_with_kinks(system: dict) -> None:
    """Averages that have no tangent where parts tie: these hold but where none do."""
    nodes = nodes_of(system)
    nodes["value_hotline"]["aggregate"] = "minimum"
    nodes["value_government"]["aggregate"] = "median"


def unequal_weights(system: dict) -> None:
    system["audiences"]["citizen"]["weight"] = 3
    for place, node in enumerate(nodes_of(system).values()):
        if "bonus" not in node:
            node["weight"] = 1 + place % 4


def citizens_only(system: dict) -> None:
    for leaf in ("engagement", "duty"):
        for item in nodes_of(system)[leaf]["items"]:
            item["where"] = {"audience": ["citizen"]}


def one_leaf_of_persons(system: dict) -> None:
    """Keep a single questionnaire leaf beside those of calls."""
    system["children"] = [each for each in system["children"] if each["id"] != "value"]


KINDS = [plain, geometric, other_averages, unequal_weights, citizens_only, one_leaf_of_persons]


@pytest.fixture(scope="module")
def scored(small_edition, tmp_path_factory):
    """Score the small edition with few questionnaires in some of its cities."""
    shipped = yaml.safe_load((SYSTEMS / "hotline-2021.yaml").read_text(encoding="utf-8"))

    def made(left: Left, kind: Callable[[dict], None] = plain) -> Scores:
        folder = tmp_path_factory.mktemp("few") / "small"
        shutil.copytree(small_edition, folder)
        few_left(folder, left)
        if kind is not plain:
            system = copy.deepcopy(shipped)
            kind(system)
            config = yaml.safe_load((folder / "edition.yaml").read_text(encoding="utf-8"))
            (folder / "system.yaml").write_text(
                yaml.safe_dump(system, allow_unicode=True), encoding="utf-8"
            )
            config |= {"system": "system.yaml"}
            for name in ("drivers", "method"):
                config.pop(name, None)
            (folder / "edition.yaml").write_text(
                yaml.safe_dump(config, allow_unicode=True), encoding="utf-8"
            )
        return plain_scores(open_edition(folder), Quiet())[0]

    return made


def slopes(scores: Scores, unit: int) -> np.ndarray:
    """How the scores of a unit move with the means of its items, by differences.

    Shape (scores, means). This is taken from what the program computes, not from what it hides by.
    A mean of 0 is moved upwards only, as averages know no less.
    """
    items = scores.items
    mean = items.mean[:, :, unit]
    there = np.argwhere(~np.isnan(mean))
    moved = np.repeat(mean[:, :, None], 2 * len(there), axis=2)
    back = np.minimum(STEP, mean[tuple(there.T)])
    for at, (audience, item) in enumerate(there):
        moved[audience, item, 2 * at] += STEP
        moved[audience, item, 2 * at + 1] -= back[at]
    shape = (*mean.shape, 1)
    rolled = roll_up(
        scores.hierarchy,
        moved,
        applies=items.applies[:, :, unit].reshape(shape),
        observed=items.observed[:, :, unit].reshape(shape),
    ).score.reshape(-1, len(there), 2)
    return np.nan_to_num((rolled[..., 0] - rolled[..., 1]) / (STEP + back))


def attacked(scores: Scores, hidden: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """Which hidden scores whoever knows all others, the means and the weights can solve for.

    A hidden score is found where its change with the means of items is a sum of the changes of
    what is published.
    """
    units = np.flatnonzero(hidden.any(axis=(1, 2))).tolist()
    each = [slopes(scores, unit) for unit in units]
    starts = np.cumsum([0, *(part.shape[1] for part in each)])
    cells = hidden[0].size
    whole = np.zeros((len(units), cells, starts[-1]))
    for at, part in enumerate(each):
        whole[at, :, starts[at] : starts[at + 1]] = part
    veiled = hidden[units].reshape(len(units), cells)
    known = np.concatenate([whole[~veiled], whole.sum(axis=0)[~mean.ravel()]])
    _, singular, right = np.linalg.svd(known, full_matrices=False)
    told = right[singular > 1e-6]
    rest = np.linalg.norm(whole - (whole @ told.T) @ told, axis=2)
    found = np.zeros_like(hidden)
    found[units] = (veiled & (rest < 1e-6)).reshape(-1, *hidden.shape[1:])
    return found


def holds(scores: Scores, hidden: Hidden) -> bool:
    """Whether small scores are hidden, totals are not, and no small score can be solved for."""
    assert not (hidden.small & ~hidden.score).any()
    assert not hidden.exposed.any()
    assert not hidden.score[:, -1, 0].any()
    return not (attacked(scores, hidden.score, hidden.mean) & hidden.small).any()


def test_nothing_is_hidden_where_everybody_answered(scored):
    scores = scored({})
    assert not hidden_scores(scores).n.any()
    tables = {"scores": scores.table()}
    made, findings = suppressed_results(tables, scores)
    assert made["scores"] is tables["scores"] and findings == ()


def test_few_questionnaires_hide_their_scores_and_those_that_tell_them(scored):
    scores = scored({("长沙", "enterprise"): 3})
    persons, hidden = persons_behind(scores), hidden_scores(scores)
    unit, side = scores.unit_index("长沙"), scores.audience_index("enterprise")
    assert persons[unit, side].max() == 3
    assert hidden.small[unit, side].any() and not np.delete(hidden.small, unit, 0).any()
    assert (hidden.n[unit, side] == (persons[unit, side] > 0)).all()
    assert not hidden.n[unit, -1].any()
    assert holds(scores, hidden) and not hidden.mean.any()
    assert attacked(scores, hidden.small, hidden.mean).any(), (
        "hiding the small scores alone is not enough"
    )
    own = hidden.score[unit]
    assert own[side].sum() == 16 and own[scores.audience_index("citizen")].sum() == 16
    assert not own[-1].any(), "what is over all audiences stays"
    assert hidden.score.sum() == 64, "a second city is hidden alike"


CELLS = st.dictionaries(
    st.tuples(st.sampled_from(CITIES), st.sampled_from(["citizen", "enterprise"])),
    st.integers(0, 8),
    min_size=1,
    max_size=6,
)


@settings(max_examples=20)
@given(left=CELLS, kind=st.sampled_from(KINDS))
def test_no_small_score_can_be_solved_for(scored, left, kind):
    scores = scored(left, kind)
    hidden = hidden_scores(scores)
    if hidden.score.any():
        assert holds(scores, hidden)


@pytest.mark.parametrize("kind", [*KINDS, averages_with_kinks])
@pytest.mark.parametrize(
    "left",
    [
        {("长沙", "enterprise"): 3},
        {("长沙", "enterprise"): 3, ("长沙", "citizen"): 0},
        {("长沙", "enterprise"): 3, ("北京", "enterprise"): 0},
        {("长沙", "enterprise"): 2, ("长沙", "citizen"): 1},
        {("长沙", "enterprise"): 3, ("北京", "citizen"): 4},
    ],
)
def test_single_cells_hold_in_every_system(scored, left, kind):
    scores = scored(left, kind)
    hidden = hidden_scores(scores)
    assert hidden.small.any() and holds(scores, hidden)


def test_every_city_with_few_answers(scored):
    scores = scored({(unit, "enterprise"): 1 + place % 6 for place, unit in enumerate(CITIES)})
    hidden = hidden_scores(scores)
    assert holds(scores, hidden) and not hidden.mean.any()


def test_a_city_of_one_audience_costs_means_of_an_audience_only(scored):
    scores = scored({("长沙", "enterprise"): 3, ("长沙", "citizen"): 0})
    hidden = hidden_scores(scores)
    assert hidden.mean.any() and not hidden.mean[-1].any()


def test_a_total_of_few_persons_is_told(scored):
    scores = scored({("长沙", "enterprise"): 3, ("长沙", "citizen"): 0})
    n = scores.n.copy()
    unit = scores.unit_index("长沙")
    n[unit] = persons_behind(scores)[unit]
    alone = replace(scores, n=n)
    assert hidden_scores(alone).totals.sum() == 1
    _, findings = suppressed_results({}, alone)
    assert [each.check for each in findings] == ["suppressed", "small-total"]


def test_national_size_is_fast(scored):
    """335 units: the small edition many times over."""
    scores = scored({(unit, "enterprise"): 1 + place for place, unit in enumerate(CITIES[:3])})
    times = 28
    units = tuple(f"{unit}{time}" for time in range(times) for unit in scores.units)

    def wide(points):
        shift = np.repeat(np.arange(times) * len(scores.units), len(points.unit))
        tiled = {
            name: np.tile(getattr(points, name), (times, *[1] * (getattr(points, name).ndim - 1)))
            for name in ("audience", "points")
        }
        return replace(points, unit=np.tile(points.unit, times) + shift, **tiled)

    arrays = {
        name: np.concatenate([getattr(scores, name)] * times)
        for name in ("score", "se", "coverage", "degrees", "applies", "n")
    }
    many = replace(scores, units=units, points=tuple(map(wide, scores.points)), **arrays)
    start = time.perf_counter()
    hidden = hidden_scores(many)
    assert time.perf_counter() - start < 5
    assert hidden.score.any(axis=(1, 2)).sum() == 3 * times and not hidden.exposed.any()


def brute_closed(tree, small: np.ndarray, price: np.ndarray) -> float:
    """The cheapest closed set by trying all."""
    free = np.flatnonzero(~small)
    best = np.inf
    for code in range(2 ** len(free)):
        hidden = small.copy()
        hidden[free] = (code >> np.arange(len(free))) & 1
        lines = [np.append(tree.children(node), node) for node in range(len(tree.ids))]
        if all(len(line) == 1 or hidden[line].sum() != 1 for line in lines):
            best = min(best, float(price[hidden & ~small].sum()))
    return best


class Tree:
    """A tree by the parents of its nodes."""

    def __init__(self, parent: list[int]) -> None:
        self.parent = np.array(parent)
        self.ids = tuple(map(str, parent))

    def children(self, node: int) -> np.ndarray:
        return np.flatnonzero(self.parent == node)


@given(data=st.data(), size=st.integers(2, 8))
def test_closed_is_the_cheapest_set(data, size):
    parent = [-1, *(data.draw(st.integers(0, at - 1)) for at in range(1, size))]
    small = np.array(data.draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    price = np.array(data.draw(st.lists(st.integers(1, 5), min_size=size, max_size=size)), float)
    tree = Tree(parent)
    hidden = closed(tree, small, price)
    lines = [np.append(tree.children(node), node) for node in range(size)]
    assert (hidden | ~small).all()
    assert all(len(line) == 1 or hidden[line].sum() != 1 for line in lines)
    assert price[hidden & ~small].sum() == brute_closed(tree, small, price)


def test_tables_are_published_without_them(scored):
    scores = scored({("长沙", "enterprise"): 3})
    hidden = hidden_scores(scores)
    table = scores.table().assign(low=1.0, high=2.0)
    tables = {
        "scores": table,
        "priorities": pd.DataFrame({"unit": ["长沙"], "indicator": "trust", "score": 5.0}),
        "unit_audience_gaps": pd.DataFrame(
            {
                "unit": ["长沙", "长沙"], "indicator": ["value", "total"],
                "first": "citizen", "second": "enterprise", "gap": 1.0,
            }
        ),
        "grades": pd.DataFrame({"unit": ["长沙"], "grade": ["A"]}),
    }  # fmt: skip
    made, findings = suppressed_results(tables, scores)
    own = made["scores"][made["scores"]["unit"] == "长沙"].set_index(["audience", "indicator"])
    small = own.loc[("enterprise", "trust")]
    assert small[["score", "se", "low", "high", "n"]].isna().all()
    assert own.loc[("all", "total"), "score"] == scores.of("total")["长沙"]
    assert len(made["scores"]) == len(table)
    assert len(made["priorities"]) == 1, "over all audiences it is published"
    assert made["unit_audience_gaps"]["indicator"].tolist() == ["total"]
    assert made["grades"] is tables["grades"]
    (finding,) = findings
    assert (finding.check, finding.count) == ("suppressed", int(hidden.score.sum()))


def test_rows_of_a_city_of_few_persons_are_left_out(scored):
    scores = scored({("长沙", "enterprise"): 3, ("长沙", "citizen"): 0})
    rows = pd.DataFrame(
        {"unit": ["长沙", "北京", "长沙"], "indicator": ["trust", "trust", "goal"], "score": 5.0}
    )
    made, _ = suppressed_results(dict.fromkeys(("priorities", "alerts"), rows), scores)
    assert made["alerts"]["indicator"].tolist() == ["trust", "goal"]
    assert made["priorities"]["unit"].tolist() == ["北京", "长沙"]


def test_means_over_some_of_the_hidden_units_are_left_out(scored):
    scores = scored({("长沙", "enterprise"): 3})
    hidden = hidden_scores(scores)
    trust = scores.hierarchy.index("trust")
    pair = [scores.units[at] for at in np.flatnonzero(hidden.score[:, 1, trust])]
    assert len(pair) == 2
    of_one = [unit for unit in scores.units if unit != pair[1]]
    changes = pd.concat(
        [
            pd.DataFrame({"unit": units, "audience": "enterprise", "indicator": indicator})
            for units, indicator in ((of_one, "trust"), (scores.units, "duty"), (of_one, "goal"))
        ]
    )
    national = pd.DataFrame({"audience": "enterprise", "indicator": ["trust", "duty", "goal"]})
    made, _ = suppressed_results({"changes": changes, "national_changes": national}, scores)
    assert made["national_changes"]["indicator"].tolist() == ["duty", "goal"]
    assert not made["changes"].query("indicator != 'goal'")["unit"].isin(pair).any()
    left, whole = suppressed_changes(changes, national, scores)
    pd.testing.assert_frame_equal(left, made["changes"])
    pd.testing.assert_frame_equal(whole, made["national_changes"])


def test_funnels_with_a_hidden_unit_are_left_out(scored):
    scores = scored({("长沙", "enterprise"): 3, ("长沙", "citizen"): 0})
    assert hidden_scores(scores).score[scores.unit_index("长沙"), -1].any()
    rows = pd.DataFrame(
        {
            "factor": "tier", "measure": ["value", "value", "total", "answered"],
            "peer": ["新一线", "一线", "新一线", "新一线"], "unit": ["长沙", "北京", "长沙", "长沙"],
        }
    )  # fmt: skip
    limits = rows.drop(columns="unit")
    partner = np.flatnonzero(
        hidden_scores(scores).score[:, -1, scores.hierarchy.index("value")]
    ).tolist()
    assert scores.unit_index("北京") not in partner
    made, _ = suppressed_results({"funnel": rows, "funnel_limits": limits}, scores)
    assert made["funnel"]["measure"].tolist() == ["value", "total", "answered"]
    assert made["funnel_limits"]["peer"].tolist() == ["一线", "新一线", "新一线"]


def test_numbers_of_records_do_not_tell_a_small_one(scored):
    scores = scored({("长沙", "enterprise"): 3, ("北京", "enterprise"): 2, ("北京", "citizen"): 4})
    told = hidden_scores(scores).n
    trust = scores.hierarchy.index("trust")
    assert told[scores.unit_index("长沙"), :, trust].tolist() == [True, True, False]
    assert told[scores.unit_index("北京"), :, trust].tolist() == [True, True, True]
    one = scored({("长沙", "enterprise"): 3, ("长沙", "citizen"): 0})
    assert hidden_scores(one).n[one.unit_index("长沙"), -1, trust]


@pytest.fixture(scope="module")
def few_edition(small_edition, tmp_path_factory):
    """The small edition run with 3 enterprises of a city, and what its results hide."""
    folder = tmp_path_factory.mktemp("run") / "small"
    shutil.copytree(small_edition, folder)
    few_left(folder, {("长沙", "enterprise"): 3})
    run(folder, langs=())
    scores = plain_scores(open_edition(folder), Quiet())[0]
    return folder, scores, hidden_scores(scores)


def secrets(scores: Scores, hidden: Hidden) -> list[str]:
    """The hidden figures to 5 decimals, but those that stand elsewhere and round ones."""
    shown = scores.score[~hidden.score & ~np.isnan(scores.score)]
    values = scores.score[hidden.score]
    apart = np.abs(values[:, None] - shown).min(axis=1) > 1e-4
    broken = np.abs(values * 100 - np.round(values * 100)) > 1e-4
    return [f"{int(value * 1e5) / 1e5:.5f}" for value in values[apart & broken]]


def test_no_file_of_results_holds_a_hidden_figure(few_edition):
    folder, scores, hidden = few_edition
    known = secrets(scores, hidden)
    assert len(known) > 20
    shown = scores.score[scores.unit_index("上海"), :, 0]
    control = [f"{int(value * 1e5) / 1e5:.5f}" for value in shown]
    texts = {
        path: (
            pd.read_parquet(path).to_csv(float_format="%.12f")
            if path.suffix == ".parquet"
            else path.read_text(encoding="utf-8")
        )
        for path in (folder / "results").iterdir()
        if path.suffix in (".csv", ".parquet", ".json")
    }
    assert any(figure in text for figure in control for text in texts.values())
    found = [(path.name, figure) for path, text in texts.items() for figure in known
             if figure in text]  # fmt: skip
    assert not found
    held = pd.read_parquet(folder / "results/scores.parquet")
    told = held.merge(hidden_rows(scores, hidden), on=["unit", "audience", "indicator"])
    assert len(told) == hidden.score.sum()
    assert told[["score", "se", "low", "high", "n"]].isna().all(axis=None)


def hidden_rows(scores: Scores, hidden: Hidden) -> pd.DataFrame:
    names = scores.units, scores.audiences, scores.hierarchy.ids
    places = np.nonzero(hidden.score)
    columns = ("unit", "audience", "indicator")
    return pd.DataFrame(
        {
            column: np.array(of, dtype=object)[at]
            for column, of, at in zip(columns, names, places, strict=True)
        }
    )


def two_decimals(values: np.ndarray) -> set[str]:
    return {f"{value:.2f}" for value in values[np.isfinite(values)]}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_profiles_are_written_without_hidden_figures(few_edition, tmp_path, lang):
    folder, scores, hidden = few_edition
    results = read_results(folder / "results").told_in(lang)
    assert write_profiles(results, tmp_path, pdf=False) == len(scores.units)
    (page,) = [path for path in tmp_path.glob("*.html") if path.stem.startswith("430100")]
    text = re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8"))
    told = set(re.findall(r"(?<![\d.])\d+\.\d\d(?!\d)", text))
    assert f"{scores.of('total')['长沙']:.2f}" in told
    unit = scores.unit_index("长沙")
    elsewhere = set().union(
        *(
            two_decimals(table.loc[table["unit"] == "长沙"].select_dtypes("number").to_numpy(float))
            for table in results.tables.values()
            if "unit" in table
        )
    )
    veiled = two_decimals(scores.score[unit][hidden.score[unit]]) - elsewhere
    assert len(veiled) > 2 and not veiled & told


def test_topics_of_two_groups_whose_sum_tells_them_hide_a_third():
    topics = pd.DataFrame(
        {
            "table": "responses", "by": ["", "kind", "kind", "kind", "kind"],
            "group": ["", "a", "b", "c", "d"], "topic": "t",
            "documents": pd.array([32, None, None, 10, 20], dtype="Int64"),
            "words": "w", "examples": "R1",
        }
    )  # fmt: skip
    made = suppressed_topics(topics)
    assert made["documents"].isna().tolist() == [False, True, True, True, False]
    assert made["words"].tolist() == ["w", "w", "w", "", "w"]
    topics.loc[0, "documents"] = 35
    assert suppressed_topics(topics)["documents"].isna().sum() == 2


def test_keywords_do_not_tell_of_few_texts_by_difference():
    keywords = pd.DataFrame(
        {
            "table": "responses", "by": ["", "kind", "kind", ""],
            "group": ["", "a", "b", ""], "term": ["t", "t", "t", "u"], "documents": [23, 8, 12, 9],
        }
    )  # fmt: skip
    made = suppressed_keywords(keywords)
    assert made["documents"].tolist() == [23, 12, 9]
    keywords.loc[0, "documents"] = 20
    assert len(suppressed_keywords(keywords)) == 4


def test_topics_of_questionnaires_hide_a_second_group(scored):
    topics = pd.DataFrame(
        {
            "table": "responses", "by": [None, "kind", "kind", "kind"], "group": ["", "a", "b", "c"],
            "topic": "t", "documents": [60, None, 20, 37], "share": [0.6, None, 0.2, 0.3],
            "examples": ["R1, R2", "", "R3", "R4"],
        }
    )  # fmt: skip
    made, _ = suppressed_results({"topics": topics}, scored({}))
    assert made["topics"]["documents"].isna().tolist() == [False, True, True, False]
    assert (made["topics"]["examples"] == "").all()
    assert made["topics"]["share"].isna().tolist() == [False, True, True, False]
