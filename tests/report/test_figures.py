"""Every figure on both kinds of edition: what it shows, that it can be read, that it is repeatable."""

import re
import subprocess
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from pathlib import Path
from tempfile import mkdtemp

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from analysed import analysed_results, with_map
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from matplotlib import pyplot as plt
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib_inline.backend_inline import set_matplotlib_formats
from synthetic import GRADES, PRINTED, SIZES, published_results, records_results

from report import figures
from report.figures.composition import NAMED_SHARE
from report.figures.distribution import grade_cuts, score_edges
from report.figures.means import mean_rows
from report.figures.tiles import TILES
from report.figures.tree import differing_weights, innovative, leaf_rows, with_root
from report.fonts import missing_glyphs
from report.labels import PROVINCES
from report.results import Results
from report.style import HouseFigure, grade_colors, new_figure, png, svg

BOTH = {
    "coastal", "effects", "grade_composition", "indicator_tree", "level1_means", "level2_means",
    "levels", "province_tiles", "regions",
}  # fmt: skip
RECORDS_ONLY = {
    "audience_gaps", "city_heatmap", "connection_effects", "driver_importance", "funnel",
    "grade_certainty", "grade_strip", "importance_performance", "method_sensitivity",
    "national_changes", "province_map", "rank_changes", "rank_intervals", "rank_sources",
    "rank_stability", "scheme_comparison", "score_distribution", "score_ridges", "slot_heatmap",
    "time_slots", "topics", "waiting_survival",
}  # fmt: skip
PUBLISHED_ONLY = {"weights_feasible"}
MAP_FOLDER = Path(mkdtemp())
RECORDS, PUBLISHED = with_map(analysed_results(), MAP_FOLDER), published_results()
SHOWN = [
    *[(name, "records") for name in sorted(BOTH | RECORDS_ONLY)],
    *[(name, "published") for name in sorted(BOTH | PUBLISHED_ONLY)],
]
LEAST_PT = 8
LATIN = {"Kaplan", "Meier", "K"}
"""Names of methods that Chinese texts write in Latin letters."""


def results_of(kind: str) -> Results:
    return RECORDS if kind == "records" else PUBLISHED


def draw(name: str, results: Results, *args: object, **kwargs: object) -> Figure:
    figure = getattr(figures, name)(results, *args, **kwargs)
    assert isinstance(figure, HouseFigure)
    return figure


def without(results: Results, *names: str) -> Results:
    return replace(results, tables={n: t for n, t in results.tables.items() if n not in names})


def having(results: Results, **tables: pd.DataFrame) -> Results:
    return replace(results, tables={**results.tables, **tables})


def line(figure: Figure, gid: str, ax: int = 0) -> Line2D:
    found = [each for each in figure.axes[ax].lines if each.get_gid() == gid]
    assert len(found) == 1, gid
    return found[0]


@dataclass(frozen=True)
class Drawn:
    """A text that was drawn, with its box in pixels at 100 dots an inch."""

    text: str
    size: float
    box: tuple[float, float, float, float]
    slanted: bool


def drawn_texts(figure: Figure, monkeypatch: pytest.MonkeyPatch) -> list[Drawn]:
    seen: dict[int, Text] = {}
    original = Text.draw

    def record(self: Text, renderer: object) -> None:
        if self.get_text().strip() and self.get_visible():
            seen[id(self)] = self
        original(self, renderer)  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(Text, "draw", record)
    png(figure, dpi=100)
    monkeypatch.undo()
    figure.set_dpi(100)
    return [
        Drawn(
            t.get_text(),
            float(t.get_fontsize()),
            t.get_window_extent().extents,
            bool(t.get_rotation() % 90),
        )
        for t in seen.values()
    ]


def test_every_figure_is_expected_of_one_kind_of_edition() -> None:
    assert set(figures.__all__) == BOTH | RECORDS_ONLY | PUBLISHED_ONLY | {"group_composition"}


@pytest.mark.parametrize(("name", "kind"), SHOWN)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_texts_can_be_read(
    name: str, kind: str, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = results_of(kind)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure = draw(name, results, lang)
        texts = drawn_texts(figure, monkeypatch)
    width, height = figure.get_size_inches() * 100
    clipped = [
        t.text for t in texts
        if t.box[0] < 0 or t.box[1] < 0 or t.box[2] > width or t.box[3] > height
    ]  # fmt: skip
    assert not clipped
    assert not [
        (one.text, other.text)
        for one, other in combinations([t for t in texts if not t.slanted], 2)
        if overlap(one, other)
    ]
    assert min(t.size for t in texts) >= LEAST_PT
    assert not missing_glyphs("".join(t.text for t in texts))
    mark = "模拟数据" if lang == "zh" else "Simulated data"
    assert [t.text for t in texts].count(mark) == results.meta["simulated"]
    if lang == "zh":
        latin = {found for t in texts for found in re.findall(r"[A-Za-z]+\+?", t.text)}
        assert latin <= {*GRADES, *LATIN}
    assert width == pytest.approx(16 / 2.54 * 100)


def overlap(one: Drawn, other: Drawn, leeway: float = 0.12) -> bool:
    """Tell whether two boxes overlap by more than a sliver of the smaller one's sides."""
    for at in (0, 1):
        sides = [each.box[at + 2] - each.box[at] for each in (one, other)]
        shared = min(one.box[at + 2], other.box[at + 2]) - max(one.box[at], other.box[at])
        if shared <= leeway * min(sides):
            return False
    return True


@pytest.mark.parametrize(("name", "kind"), SHOWN)
def test_same_bytes(name: str, kind: str) -> None:
    first, second = draw(name, results_of(kind)), draw(name, results_of(kind))
    written = svg(first)
    assert svg(second) == written
    assert svg(first) == written
    assert b"<text" not in written
    assert b"<dc:date>" not in written


@pytest.mark.parametrize("name", sorted(RECORDS_ONLY))
def test_records_figures_are_none_for_published_results(name: str) -> None:
    assert getattr(figures, name)(PUBLISHED) is None
    bare = having(PUBLISHED, grades=PUBLISHED["grades"][["unit", "grade"]])
    assert getattr(figures, name)(bare) is None


@pytest.mark.parametrize("name", sorted(BOTH | RECORDS_ONLY | PUBLISHED_ONLY))
def test_figures_are_none_without_tables(name: str) -> None:
    assert getattr(figures, name)(replace(RECORDS, tables={})) is None
    empty = {n: t.head(0) for n, t in (PUBLISHED.tables | RECORDS.tables).items()}  # type: ignore[operator]
    assert getattr(figures, name)(replace(RECORDS, tables=empty)) is None


def test_weights_feasible_is_none_for_records() -> None:
    assert figures.weights_feasible(RECORDS) is None


def test_group_composition_is_none_without_the_factor() -> None:
    assert figures.group_composition(RECORDS, "continent") is None
    assert figures.group_composition(without(RECORDS, "group_grades"), "region") is None


def test_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="'zh' or 'en'"):
        figures.regions(RECORDS, "fr")


def test_importing_figures_imports_nothing_heavy() -> None:
    code = (
        "import sys, report.figures; "
        "print([m for m in ('matplotlib', 'seaborn', 'scipy') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"
    with pytest.raises(AttributeError, match="no_such"):
        _ = figures.no_such  # pyright: ignore[reportAttributeAccessIssue]


def test_figures_stay_functions_after_their_modules_are_imported() -> None:
    for name in figures.__all__:
        assert callable(getattr(figures, name))
    assert callable(figures.effects)


def test_drawing_leaves_pyplot_and_settings_alone() -> None:
    before = dict(mpl.rcParams)
    figure = draw("score_distribution", RECORDS)
    svg(figure)
    assert plt.get_fignums() == []
    assert dict(mpl.rcParams) == before


def test_a_figure_drawn_under_foreign_settings_keeps_the_style() -> None:
    figure, same = draw("regions", RECORDS), draw("regions", RECORDS)
    with mpl.rc_context({"font.family": "monospace", "svg.fonttype": "none", "svg.hashsalt": None}):
        assert svg(figure) == svg(same)
        assert b"<text" not in svg(figure)


def test_a_notebook_shows_svg_and_png() -> None:
    shell = InteractiveShell.instance()
    set_matplotlib_formats("svg")
    with capture_output() as shown:
        shell.push({"figure": draw("regions", RECORDS)})
        shell.run_cell("figure", store_history=False)
    InteractiveShell.clear_instance()
    (output,) = shown.outputs
    assert output.data["image/svg+xml"].encode() == svg(draw("regions", RECORDS))
    assert output.data["image/png"].startswith(b"\x89PNG")


def test_mark_follows_the_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    for simulated in (True, False):
        results = replace(RECORDS, meta={**RECORDS.meta, "simulated": simulated})
        texts = drawn_texts(new_figure(results, "zh", 5), monkeypatch)
        assert ["模拟数据"] * simulated == [t.text for t in texts]


def test_grade_colors_fall_evenly_and_stay_apart() -> None:
    for count in (5, 10):
        rgb = np.array([to_rgb(c) for c in grade_colors([str(g) for g in range(count)]).values()])
        lab = cielab(rgb)
        steps = np.diff(lab[:, 0])
        assert steps.min() > 0.9 * steps.max() > 0
        for seen in (lab, cielab(rgb.clip(0, 1) @ DEUTERANOPIA.T)):
            assert np.linalg.norm(np.diff(seen, axis=0), axis=1).min() > 8


DEUTERANOPIA = np.array(
    [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ]
)
"""Machado, Oliveira and Fernandes 2009, severity 1.0."""


def cielab(rgb: np.ndarray) -> np.ndarray:
    rgb = rgb.clip(0, 1)
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    matrix = np.array(
        [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ]
    )
    xyz = linear @ matrix.T / np.array([0.95047, 1, 1.08883])
    root = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    x, y, z = root.T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


def test_grade_composition_shows_counts_and_shares() -> None:
    figure = draw("grade_composition", RECORDS)
    ax = figure.axes[0]
    bars = sorted(ax.patches, key=lambda bar: bar.get_x())  # pyright: ignore[reportAttributeAccessIssue]
    assert [bar.get_height() for bar in bars] == SIZES  # pyright: ignore[reportAttributeAccessIssue]
    assert [t.get_text() for t in ax.texts] == [f"{n}\n{n / 335:.1%}" for n in SIZES]
    assert [t.get_text() for t in ax.get_xticklabels()] == GRADES


def test_grades_keep_the_order_of_the_edition() -> None:
    five = ["优", "良", "中", "可", "差"]
    table = pd.DataFrame({"grade": five, "n": [1, 2, 3, 4, 5], "share": np.arange(1, 6) / 15})
    figure = draw("grade_composition", having(RECORDS, composition=table))
    assert [t.get_text() for t in figure.axes[0].get_xticklabels()] == five


@pytest.mark.parametrize("kind", ["records", "published"])
def test_province_tiles_show_the_mean_grades(kind: str) -> None:
    results = results_of(kind)
    figure = draw("province_tiles", results)
    shown = {
        t.get_gid().removeprefix("tile-"): t.get_text().split("\n")[1]
        for t in figure.axes[0].texts
        if str(t.get_gid()).startswith("tile-")
    }
    summary = results["group_summary"].query("factor == 'province'").set_index("group")
    want = {
        p: f"{summary['mean_position'][p]:.1f}" if p in summary.index else "—" for p in PROVINCES
    }
    assert shown == want


def test_tiles_hold_every_province_once() -> None:
    assert set(TILES) == set(PROVINCES)
    assert len(set(TILES.values())) == len(TILES) == 34


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["province_tiles", "indicator_tree"])
def test_names_fit_their_boxes(name: str, lang: str) -> None:
    figure = draw(name, RECORDS, lang)
    png(figure, dpi=100)
    ax = figure.axes[0]
    names = [t for t in ax.texts if str(t.get_gid()).startswith(("tile-", "node"))]
    assert len(names) == len(ax.patches)
    for text, box in zip(names, ax.patches, strict=True):
        inner, outer = text.get_window_extent(), box.get_window_extent()
        assert outer.x0 < inner.x0
        assert inner.x1 < outer.x1
        assert min(outer.y0, outer.y1) < inner.y0
        assert inner.y1 < max(outer.y0, outer.y1)


def test_a_province_without_a_tile_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    units = RECORDS["units"].assign(province=RECORDS["units"]["province"].replace("海南", "南海"))
    texts = drawn_texts(draw("province_tiles", having(RECORDS, units=units)), monkeypatch)
    assert any(t.text.endswith("未入图：南海（4）") for t in texts)
    nowhere = RECORDS["units"].assign(province="外国")
    assert figures.province_tiles(having(RECORDS, units=nowhere)) is None


def test_score_distribution_counts_every_city() -> None:
    figure = draw("score_distribution", RECORDS)
    scores = RECORDS["grades"]["score"]
    edges = score_edges(scores)
    counts = np.zeros(len(edges) - 1)
    for bar in figure.axes[0].patches:
        x, width = bar.get_x(), bar.get_width()  # pyright: ignore[reportAttributeAccessIssue]
        counts[np.searchsorted(edges, x + width / 2) - 1] += bar.get_height()  # pyright: ignore[reportAttributeAccessIssue]
    assert counts.tolist() == np.histogram(scores, edges)[0].tolist()
    assert counts.sum() == 335


def test_grade_cuts_lie_between_the_grades() -> None:
    grades = RECORDS["grades"]
    cuts = grade_cuts(grades, GRADES)
    assert len(cuts) == 9
    for cut, (better, worse) in zip(cuts, pairwise(GRADES), strict=True):
        assert grades.loc[grades["grade"] == worse, "score"].max() < cut
        assert cut < grades.loc[grades["grade"] == better, "score"].min()
    drawn = draw("score_distribution", RECORDS).axes[0].lines
    assert cuts == [each.get_xdata()[0] for each in drawn if each.get_linestyle() == "--"]  # pyright: ignore[reportIndexIssue]


def test_score_distribution_of_an_audience_has_no_grades() -> None:
    figure = draw("score_distribution", RECORDS, "zh", audience="citizen")
    ax = figure.axes[0]
    assert sum(bar.get_height() for bar in ax.patches) == 335  # pyright: ignore[reportAttributeAccessIssue]
    assert not ax.texts
    assert not ax.lines
    assert figures.score_distribution(RECORDS, audience="visitor") is None


@pytest.mark.parametrize("kind", ["records", "published"])
def test_level1_means_show_the_table(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    results = results_of(kind)
    figure = draw("level1_means", results)
    means = mean_rows(results, 1)
    for audience, part in means.groupby("audience"):
        assert line(figure, f"dots-{audience}").get_xdata() == pytest.approx(part["mean"].tolist())
    bars = [s for c in figure.axes[0].collections for s in c.get_segments()]  # pyright: ignore[reportAttributeAccessIssue]
    ends = sorted((float(s[0, 0]), float(s[1, 0])) for s in bars)
    texts = [t.text for t in drawn_texts(figure, monkeypatch)]
    if kind == "records":
        assert np.array(ends) == pytest.approx(
            means[["low", "high"]].sort_values(["low", "high"]).to_numpy()
        )
        assert "横线及括号内为 95% 区间" in texts
    else:
        assert ends == []
        assert "原报告未给出区间" in texts
        assert {
            f"{value:.2f}" for i in ("goal", "process", "value") for value in PRINTED[i]
        } <= set(texts)


@pytest.mark.parametrize("kind", ["records", "published"])
def test_level2_means_show_the_table_by_parent(kind: str) -> None:
    results = results_of(kind)
    figure = draw("level2_means", results)
    means = mean_rows(results, 2)
    parents = means["parent"].drop_duplicates().tolist()
    assert len(figure.axes) == len(parents)
    names = dict(zip(results["indicators"]["indicator"], results["indicators"]["zh"], strict=True))
    for at, parent in enumerate(parents):
        ax, family = figure.axes[at], means[means["parent"] == parent]
        assert ax.get_title("left") == names[parent]
        rows = [t.get_text() for t in ax.get_yticklabels()]
        assert rows == [names[i] for i in family["indicator"].drop_duplicates()]
        for audience, part in family.groupby("audience"):
            dots = line(figure, f"dots-{audience}", at)
            assert dots.get_xdata() == pytest.approx(part["mean"].tolist())
            assert [rows[round(y)] for y in dots.get_ydata()] == [
                names[i] for i in part["indicator"]
            ]  # pyright: ignore[reportGeneralTypeIssues]


def test_two_means_for_one_audience_are_refused() -> None:
    twice = pd.concat([RECORDS["means"], RECORDS["means"].query("indicator == 'goal'")])
    with pytest.raises(ValueError, match="two means"):
        figures.level1_means(having(RECORDS, means=twice))


def test_an_indicator_of_one_audience_stands_amid_its_row() -> None:
    means = RECORDS["means"].query("indicator != 'innovation' or audience == 'all'")
    figure = draw("level1_means", having(RECORDS, means=means))
    assert line(figure, "dots-all").get_ydata()[-1] == 3  # pyright: ignore[reportIndexIssue]


@pytest.mark.parametrize(
    ("name", "factors"),
    [("regions", ["region"]), ("levels", ["level"]), ("coastal", ["coastal", "commended"])],
)
def test_group_bars_show_the_shares_best_group_first(name: str, factors: list[str]) -> None:
    figure = draw(name, RECORDS)
    assert len(figure.axes) == len(factors)
    for ax, factor in zip(figure.axes, factors, strict=True):
        summary = RECORDS["group_summary"]
        summary = summary[summary["factor"] == factor].sort_values("mean_position", ascending=False)
        labels = [f"{g}（{n}）" for g, n in zip(summary["group"], summary["n"], strict=True)]
        assert [t.get_text() for t in ax.get_yticklabels()] == labels
        shares = (
            RECORDS["group_grades"]
            .query("factor == @factor")
            .set_index(["grade", "group"])["share"]
        )
        for bars in ax.containers:
            want = [100 * shares[bars.get_label(), group] for group in summary["group"]]
            assert [bar.get_width() for bar in bars] == pytest.approx(want)
        assert [bars.get_label() for bars in ax.containers] == GRADES
        ends = [bar.get_x() + bar.get_width() for bar in ax.containers[-1]]
        assert ends == pytest.approx([100] * len(summary))
        named = [t.get_text() for t in ax.texts if t.get_text() in GRADES]
        assert len(named) == (shares >= NAMED_SHARE).sum()
        positions = [f"{p:.1f}" for p in summary["mean_position"]]
        assert [
            t.get_text() for t in ax.texts if re.fullmatch(r"[\d.]+", t.get_text())
        ] == positions


def test_group_composition_draws_one_factor() -> None:
    figure = figures.group_composition(RECORDS, "commended")
    assert figure is not None
    assert len(figure.axes) == 1
    no_list = having(RECORDS, group_summary=RECORDS["group_summary"].query("factor != 'commended'"))
    assert len(draw("coastal", no_list).axes) == 1


def test_effects_show_the_odds_ratios() -> None:
    figure = draw("effects", RECORDS)
    table = RECORDS["contrasts"]
    shown = {
        each.get_gid(): float(each.get_xdata()[0])  # pyright: ignore[reportIndexIssue]
        for ax in figure.axes
        for each in ax.lines
        if str(each.get_gid()).startswith("odds-")
    }
    want = {f"odds-{r.factor}-{r.group}": r.odds_ratio for r in table.itertuples()}
    assert shown == pytest.approx(want)
    segments = [s for ax in figure.axes for c in ax.collections for s in c.get_segments()]  # pyright: ignore[reportAttributeAccessIssue]
    ends = sorted((float(s[0, 0]), float(s[1, 0])) for s in segments)
    assert np.array(ends) == pytest.approx(
        table[["low", "high"]].sort_values(["low", "high"]).to_numpy()
    )


def test_effects_bear_what_cannot_be_estimated(monkeypatch: pytest.MonkeyPatch) -> None:
    table = RECORDS["contrasts"].copy()
    table.loc[0, ["odds_ratio", "low", "high", "p", "p_adjusted"]] = np.nan
    table.loc[1, ["odds_ratio", "low", "high"]] = [50.0, 2.0, np.inf]
    table.loc[2, ["odds_ratio", "low", "high"]] = [0.0, 0.0, 0.5]
    table.loc[3, ["odds_ratio", "low", "high"]] = [1.4e4, 20.0, 1.4e9]
    figure = draw("effects", having(RECORDS, contrasts=table))
    texts = [t.text for t in drawn_texts(figure, monkeypatch)]
    assert texts.count("无法估计") == 2
    low, high = figure.axes[0].get_xlim()
    assert high == 1000
    assert 0 < low < 1
    arrows = [each for ax in figure.axes for each in ax.lines if each.get_marker() == ">"]
    assert len(arrows) == 2


def test_time_slots_show_rates_and_waiting() -> None:
    figure = draw("time_slots", RECORDS)
    for audience, part in RECORDS["slots"].groupby("audience"):
        assert line(figure, f"dots-{audience}").get_xdata() == pytest.approx(
            (100 * part["rate"]).tolist()
        )
        for column in ("wait_median", "wait_p90"):
            drawn = line(figure, f"{column}-{audience}", ax=1).get_xdata()
            assert drawn == pytest.approx(part[column].tolist())
    segments = figure.axes[0].collections[0].get_segments()  # pyright: ignore[reportAttributeAccessIssue]
    citizen = RECORDS["slots"].query("audience == 'citizen'")
    ends = np.array([s[:, 0] for s in segments])
    assert ends == pytest.approx(100 * citizen[["rate_low", "rate_high"]].to_numpy())


def test_rank_intervals_show_every_city(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = draw("rank_intervals", RECORDS)
    table = RECORDS["grades"].sort_values(["rank", "unit"])
    (bars,) = (c for c in figure.axes[0].collections if c.get_gid() == "intervals")
    ends = [(s[0, 0], s[1, 0]) for s in bars.get_segments()]  # pyright: ignore[reportAttributeAccessIssue]
    assert ends == list(zip(table["rank_low"], table["rank_high"], strict=True))
    assert line(figure, "ranks").get_xdata() == pytest.approx(table["rank"].tolist())
    named = [t.get_text() for t in figure.axes[0].get_yticklabels()]
    assert named[0] == table["unit"].iloc[0]
    assert named[-1] == table["unit"].iloc[-1]
    firsts = table.drop_duplicates("grade")["unit"].tolist()
    assert set(named) <= {*firsts, table["unit"].iloc[-1]}


def test_rank_intervals_leave_out_cities_without_rank() -> None:
    table = RECORDS["grades"].copy()
    table.loc[:4, ["rank", "rank_low", "rank_high", "grade"]] = pd.NA
    figure = draw("rank_intervals", having(RECORDS, grades=table))
    assert len(line(figure, "ranks").get_xdata()) == 330  # pyright: ignore[reportArgumentType]


def test_grade_certainty_shows_probabilities_and_borderline() -> None:
    figure = draw("grade_certainty", RECORDS)
    left, right = figure.axes
    table = RECORDS["grades"].groupby("grade")
    medians = [
        x[0]
        for each in left.lines
        if (x := each.get_xdata())[0] == x[1] and each.get_linewidth() == 1.8
    ]  # pyright: ignore[reportIndexIssue]
    assert medians == pytest.approx(table["p_grade"].median().reindex(GRADES).tolist())
    shares = (100 * table["borderline"].mean()).reindex(GRADES)
    assert [bar.get_width() for bar in right.patches] == pytest.approx(shares.tolist())  # pyright: ignore[reportAttributeAccessIssue]
    assert [t.get_text() for t in right.texts] == [f"{share:.0f}" for share in shares]


def test_weights_feasible_marks_what_the_audit_found(monkeypatch: pytest.MonkeyPatch) -> None:
    figure = draw("weights_feasible", PUBLISHED)
    left, right = figure.axes
    names = dict(
        zip(PUBLISHED["indicators"]["indicator"], PUBLISHED["indicators"]["zh"], strict=True)
    )
    rows = [t.get_text() for t in left.get_yticklabels()]
    assert sorted(rows) == sorted(names[i] for i in PRINTED)
    inside, outside = left.lines
    found = PUBLISHED["audit"].query("verdict == 'contradiction'")
    assert {rows[int(y)] for y in outside.get_ydata()} == {names[i] for i in found["subject"]}  # pyright: ignore[reportGeneralTypeIssues]
    for drawn in (inside, outside):
        for x, y in zip(drawn.get_xdata(), drawn.get_ydata(), strict=True):  # pyright: ignore[reportArgumentType]
            (indicator,) = (i for i, name in names.items() if name == rows[int(y)])
            assert x == PRINTED[indicator][0]
    widths = {rows[round(b.get_y() + b.get_height() / 2)]: b.get_width() for b in right.patches}  # pyright: ignore[reportAttributeAccessIssue]
    gaps = {names[r.subject]: r.gap for r in found.itertuples()}
    assert widths == pytest.approx(gaps | {names["complaint"]: -0.02})
    assert any(t.text.startswith("灰色条") for t in drawn_texts(figure, monkeypatch))


def test_weights_feasible_says_nothing_of_grey_where_none_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    means = PUBLISHED["means"].query("indicator != 'complaint'")
    texts = drawn_texts(draw("weights_feasible", having(PUBLISHED, means=means)), monkeypatch)
    assert not any(t.text.startswith("灰色条") for t in texts)


def test_indicator_tree_names_every_indicator(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [t.text for t in drawn_texts(draw("indicator_tree", RECORDS), monkeypatch)]
    for name, count in RECORDS["indicators"]["zh"].value_counts().items():
        assert texts.count(str(name)) == count
    assert texts.count("总分") == 1
    assert "同级指标权重相等；虚线框为创新指标" in texts


def test_indicator_tree_shows_weights_where_they_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    table = RECORDS["indicators"].copy()
    table.loc[table["indicator"] == "goal", "weight"] = 0.4
    texts = [
        t.text
        for t in drawn_texts(draw("indicator_tree", having(RECORDS, indicators=table)), monkeypatch)
    ]
    assert {"目标实现 0.4", "过程体验 1", "价值创造 1", "服务创新", "信息获取"} <= set(texts)
    assert differing_weights(table) == {"goal", "process", "value"}
    none = RECORDS["indicators"].assign(weight=np.nan)
    texts = [
        t.text
        for t in drawn_texts(draw("indicator_tree", having(RECORDS, indicators=none)), monkeypatch)
    ]
    assert "原报告未公布权重；虚线框为创新指标" in texts


def test_tree_places_parents_amid_their_children() -> None:
    table = with_root(RECORDS["indicators"])
    rows = leaf_rows(table)
    assert rows["goal"] == (rows["information"] + rows["complaint"]) / 2
    leaves = sorted(set(table["indicator"]) - set(table["parent"].dropna()), key=rows.__getitem__)
    assert [rows[leaf] for leaf in leaves] == list(range(len(leaves)))
    assert len(with_root(table)) == len(table)
    core_children = RECORDS["indicators"].assign(
        role=np.where(RECORDS["indicators"]["indicator"] == "innovation", "innovation", "core")
    )
    assert innovative(core_children) == {"innovation", "innovation_content", "innovation_method"}


@pytest.mark.parametrize("builder", [records_results, published_results])
def test_synthetic_results_repeat_themselves(builder: Callable[[], Results]) -> None:
    first, second = builder(), builder()
    assert set(first.tables) == set(second.tables)
    for name in first.tables:
        pd.testing.assert_frame_equal(first[name], second[name])
    assert len(first["units"]) == len(first["grades"]) == 335
