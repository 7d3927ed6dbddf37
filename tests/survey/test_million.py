"""The benchmark of a million questionnaires does its work on a few, without an error."""

from benchmarks import million
from survey.register import load_register
from survey.tables import read_table


def test_its_questionnaires_hold_to_the_contract_and_go_the_whole_way(tmp_path):
    path = tmp_path / "responses.csv"
    million.write_responses(path, rows=3000, seed=2)
    cells = read_table(path).cells
    assert len(cells) == 3000
    assert set(cells["unit"]) <= set(load_register().table.index)
    seconds, peak, _ = million.whole_way(path)
    assert list(seconds) == ["read", "check", "score"]
    assert peak > 1e7


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for name in ("a.csv", "b.csv"):
        million.write_responses(tmp_path / name, rows=500)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
