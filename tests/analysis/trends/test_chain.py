import numpy as np
import pytest

from analysis.trends.bridge import bridge_editions
from analysis.trends.chain import chain_editions
from analysis.trends.sentences import chain_sentence


def only_honest(data):
    data["children"] = [data["children"][1]]
    data["children"][0]["items"][0] |= {"id": "honest"}


def test_links_are_real_changes_and_levels_end_at_the_last_score(make_system, make_edition):
    def dropped(data):
        data["children"][0]["items"].pop()

    editions = [
        ("2022", make_edition(make_system(), 1)),
        ("2023", make_edition(make_system(dropped), 2, lift=0.5)),
        ("2024", make_edition(make_system(dropped), 3, lift=0.2)),
    ]
    chain, findings = chain_editions(editions)
    first, second = (
        bridge_editions(editions[at][1], editions[at + 1][1])[0].nation["real"][0] for at in (0, 1)
    )
    nation = chain.nation
    assert nation["link"].tolist()[1:] == pytest.approx([first, second])
    last = editions[2][1].of("total").mean()
    assert nation["chained"].tolist() == pytest.approx([last - first - second, last - second, last])
    assert nation["score"].tolist() == pytest.approx([s.of("total").mean() for _, s in editions])
    units = chain.units.set_index(["unit", "edition"])
    assert np.allclose(
        units.xs("2023", level="edition")["chained"].diff().iloc[1:],
        (units.xs("2024", level="edition")["chained"] - units.xs("2024", level="edition")["link"])
        .diff().iloc[1:],
    )  # fmt: skip
    assert findings == ()
    assert f"2022为{nation['chained'][0]:.2f}分" in chain_sentence(chain)
    assert "Linked back from 2024" in chain_sentence(chain, "en")


def test_a_link_without_common_items_breaks_the_series(make_system, make_edition):
    editions = [
        ("2022", make_edition(make_system(), 1)),
        ("2023", make_edition(make_system(only_honest), 2)),
        ("2024", make_edition(make_system(only_honest), 3)),
    ]
    chain, findings = chain_editions(editions)
    assert chain.bridges[0] is None
    assert np.isnan(chain.nation["chained"][0])
    assert chain.nation["chained"][1:].notna().all()
    assert chain.nation["n"].tolist() == [0, 0, 4]
    assert [finding.check for finding in findings] == ["no-common-indicators"]
    assert "2022" not in chain_sentence(chain)


def test_units_that_come_do_not_move_the_nation(make_system, make_edition):
    system = make_system()
    before = make_edition(system, 1, units=("a", "b"))
    after = make_edition(system, 1, units=("a", "b", "z"), lift=[0, 0, 5])
    nation = chain_editions([("1", before), ("2", after)])[0].nation
    panel = after.of("total")[["a", "b"]].mean() - before.of("total").mean()
    assert nation["link"][1] == pytest.approx(panel)
    assert nation["score"][1] - nation["score"][0] > panel + 1
    assert nation["n"].tolist() == [0, 2]


def test_editions_need_names_of_their_own(make_system, make_edition):
    one = make_edition(make_system())
    for editions in ([("a", one)], [("a", one), ("a", one)]):
        with pytest.raises(ValueError, match="two editions"):
            chain_editions(editions)
