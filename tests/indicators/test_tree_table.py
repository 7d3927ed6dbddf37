from pathlib import Path

import pytest

from indicators.system import System
from indicators.system_file import load_system
from indicators.tree_table import system_from_table, tree_from_table
from survey.findings import InputError


@pytest.fixture
def write(tmp_path: Path):
    def written(text: str, name: str = "index.csv") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return written


def outline(system: System) -> dict[str, tuple[list[str], list[str]]]:
    return {n.id: ([c.id for c in n.children], [i.id for i in n.items]) for n in system.nodes()}


COINR = """iCode,Level,Parent,iName,Direction,Weight,Type,Denominator
gdp,1,Eco,GDP,1,2,Indicator,people
debt,1,Eco,Debt,-1,0.5,Indicator,
trees,1,Env,Trees,1,,Indicator,
Eco,2,Index,Economy,1,3,Aggregate,
Env,2,Index,Environment,1,1,Aggregate,
Index,3,,Our index,1,1,Aggregate,
people,,,People,,,Denominator,
region,,,Region,,,Group,
note,,,Note,,,Other,
"""


def test_coinr_headers(write):
    system = load_system(write(COINR))
    assert outline(system) == {"Eco": ([], ["gdp", "debt"]), "Env": ([], ["trees"])}
    nodes = {node.id: node for node in system.nodes()}
    items = {item.id: item for _, item in system.leaf_items()}
    assert (nodes["Eco"].weight, nodes["Eco"].en, nodes["Env"].weight) == (3, "Economy", 1)
    assert (items["gdp"].weight, items["debt"].weight, items["trees"].weight) == (2, 0.5, 1)
    assert (items["gdp"].denominator, items["debt"].denominator) == ("people", None)
    assert items["debt"].rule.model_dump()["direction"] == "lower"
    assert items["gdp"].rule.model_dump()["minmax"] == (0, 10)


def test_chinese_headers(write):
    text = "指标,上级,权重,方向,中文名,含义\ntotal,,,,总分,\nA,total,2,,经济,产出\na,A,1,逆向,债务,\nb,total,1,正向,树,\n"
    system = load_system(write(text))
    assert outline(system) == {"A": ([], ["a"]), "b": ([], ["b"])}
    nodes = {node.id: node for node in system.nodes()}
    assert (nodes["A"].zh, nodes["A"].weight) == ("经济", 2)
    directions = [item.rule.model_dump()["direction"] for _, item in system.leaf_items()]
    assert directions == ["lower", "higher"]


def test_own_headers_and_trees_without_a_named_total(write):
    system = load_system(write("id,parent\nA,\na,A\nB,\nb,B\nc,\n"))
    assert outline(system) == {"A": ([], ["a"]), "B": ([], ["b"]), "c": ([], ["c"])}
    alone = load_system(write("id,parent\na,\nb,\n"))
    assert outline(alone) == {"a": ([], ["a"]), "b": ([], ["b"])}


def test_figures_and_indicators_may_stand_side_by_side(write):
    system = load_system(write("id,parent,weight\nI,,\nA,I,3\na,A,1\nb,A,2\nc,I,5\n"))
    assert outline(system) == {"A": ([], ["a", "b"]), "c": ([], ["c"])}
    assert [node.weight for node in system.nodes()] == [3, 5]


def test_the_order_of_rows_does_not_change_the_tree(write):
    header, *rows = COINR.splitlines()
    turned = load_system(write("\n".join([header, *rows[::-1]]) + "\n"))
    straight = load_system(write(COINR, "index2.csv"))
    assert {k: (set(a), set(b)) for k, (a, b) in outline(turned).items()} == {
        k: (set(a), set(b)) for k, (a, b) in outline(straight).items()
    }


def test_everything_wrong_is_told_at_once_with_file_and_row(write):
    path = write(
        "iCode,Parent,Weight,Direction\n"
        "Index,,1,1\n"
        "a b,Index,many,2\n"
        "a,Idnex,-1,up\n"
        "a,Index,inf,-1\n"
        ",Index,1,1\n"
        "经济,Index,1,1\n"
    )
    with pytest.raises(InputError) as caught:
        load_system(path)
    found = {(f.row, f.column, f.got) for f in caught.value.findings}
    assert found == {
        (3, "id", "'a b'"), (5, "id", "'a'"), (6, "id", "an empty cell"), (7, "id", "'经济'"),
        (4, "parent", "'Idnex'"), (3, "weight", "'many'"), (4, "weight", "'-1'"),
        (5, "weight", "'inf'"), (3, "direction", "'2'"), (4, "direction", "'up'"),
    }  # fmt: skip
    assert {f.file.rsplit("/", 1)[-1] for f in caught.value.findings} == {"index.csv"}
    (unknown,) = [f for f in caught.value.findings if f.column == "parent"]
    assert "'Index'" in unknown.hint


@pytest.mark.parametrize(
    ("text", "circle", "rows"),
    [
        ("id,parent\nA,B\nB,A\nc,A\n", "A → B → A", {2, 3}),
        ("id,parent\nI,\nA,I\nB,C\nC,B\na,A\n", "B → C → B", {4, 5}),
        ("id,parent\nI,\na,I\nA,A\n", "A → A", {4}),
    ],
)
def test_a_circle(write, text, circle, rows):
    with pytest.raises(InputError, match="a circle") as caught:
        load_system(write(text))
    assert circle in [f.got for f in caught.value.findings]
    assert {f.row for f in caught.value.findings} == rows


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,weight\na,1\n", "a column parent or Parent or 上级"),
        ("parent,weight\nA,1\n", "a column id or iCode"),
        ("iCode,Parent,Type\nregion,,Group\n", "a row for each indicator"),
        ("id,parent,weight\nI,,1\nA,I,0\nB,I,0\na,A,1\nb,B,1\n", "at least one weight above 0"),
        ("id,parent\nall,\na,all\nb,\n", "reserved"),
    ],
)
def test_a_table_that_is_no_tree_is_one_clear_error(write, text, message):
    with pytest.raises(InputError, match=message):
        load_system(write(text))


def test_a_header_only_is_an_error(write):
    with pytest.raises(InputError):
        load_system(write("id,parent\n"))


def test_a_file_that_is_not_there(tmp_path: Path):
    with pytest.raises(InputError):
        system_from_table(tmp_path / "none.csv")


def test_yaml_takes_its_tree_from_a_table(write):
    write(COINR)
    words = "{zh: 字, en: word}"
    head = f"id: s\ntitle: {words}\nsource: {words}\nunit: {words}\ntree: index.csv\n"
    system = load_system(write(head + "aggregate: geometric\n", "index.yaml"))
    assert system.aggregate == "geometric"
    assert [item.id for _, item in system.leaf_items()] == ["gdp", "debt", "trees"]
    with pytest.raises(InputError, match="either tree or children"):
        load_system(write(head + "children: []\n", "both.yaml"))


def test_names_stand_in_for_each_other(write):
    (first, second) = tree_from_table(write("id,parent,zh,en\na,,甲,\nb,,,B\n"))
    assert (first["zh"], second["zh"], second["en"]) == ("甲", "B", "B")
