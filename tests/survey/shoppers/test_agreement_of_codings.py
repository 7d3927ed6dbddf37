import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import aggregate_raters, fleiss_kappa

from survey.shoppers.agreement import ITEM, CodedItem, agreement
from survey.shoppers.alpha import krippendorff_alpha
from survey.shoppers.coders import CODER
from survey.shoppers.kappa import Fleiss

WORDS = ("none", "partly", "full")
ITEMS = (
    CodedItem("told", "nominal"),
    CodedItem("given", "ordinal", WORDS),
    CodedItem("clear", "ordinal"),
    CodedItem("minutes", "interval"),
)


def codings(
    recordings: int = 200, coders: int = 12, seed: int = 0, slip: float = 0.05, times: int = 2,
    bad: float | None = None,
) -> pd.DataFrame:  # fmt: skip
    """Recordings coded by so many coders each; coder s03 slips with chance `bad`."""
    random = np.random.default_rng(seed)
    who = np.array([random.permutation(coders)[:times] for _ in range(recordings)])
    chance = np.where(who == 3, slip if bad is None else bad, slip)

    def coded(top: int) -> np.ndarray:
        truth = np.repeat(random.integers(0, top, recordings)[:, None], times, axis=1)
        slips = random.random(who.shape) < chance
        return np.where(slips, (truth + random.integers(1, top, who.shape)) % top, truth).ravel()

    return pd.DataFrame(
        {
            "recording": np.repeat([f"r{at:04}" for at in range(recordings)], times),
            "shopper": [f"s{at:02}" for at in who.ravel()],
            "told": np.array(["no", "yes"])[coded(2)],
            "given": np.array(WORDS)[coded(3)],
            "clear": coded(5) + 1.0,
            "minutes": coded(9) / 2,
        }
    )


def checks(found) -> list[str]:
    return [finding.check for finding in found.findings]


def test_items_and_overall():
    found = agreement(codings(), ITEMS)
    assert tuple(found.items) == ITEM
    assert found.items["item"].tolist() == ["told", "given", "clear", "minutes", "overall"]
    assert found.items["recordings"].eq(200).all()
    assert found.items["coders"].eq(12).all()
    assert found.items["agreement"].between(0.85, 0.96).all()
    for name in ("agreement", "alpha"):
        table = found.items
        assert (table[f"{name}_low"] <= table[name]).all()
        assert (table[name] <= table[f"{name}_high"]).all()
    assert found.items["kappa"].isna().all()
    kappas = found.items.set_index("item")["fleiss"]
    assert kappas.notna().to_dict() == {
        "told": True, "given": True, "clear": True, "minutes": False, "overall": True
    }  # fmt: skip


def test_alpha_is_that_of_the_answers():
    frame = codings(seed=2)
    found = agreement(frame, ITEMS).items.set_index("item")["alpha"]
    clear = frame["clear"].to_numpy().reshape(-1, 2)
    given = pd.Categorical(frame["given"], WORDS).codes.reshape(-1, 2).astype(float)
    assert found["clear"] == pytest.approx(krippendorff_alpha(clear, "ordinal"))
    assert found["given"] == pytest.approx(krippendorff_alpha(given, "ordinal"))
    minutes = frame["minutes"].to_numpy().reshape(-1, 2)
    assert found["minutes"] == pytest.approx(krippendorff_alpha(minutes, "interval"))


def test_one_item_is_its_own_overall():
    found = agreement(codings(coders=2), ITEMS[:1]).items
    one, overall = found.iloc[0], found.iloc[1]
    for name in ("agreement", "kappa", "fleiss", "alpha", "alpha_low", "alpha_high"):
        assert overall[name] == pytest.approx(one[name])


def test_two_coders_have_cohens_kappa():
    found = agreement(codings(coders=2), ITEMS).items.set_index("item")
    assert found["kappa"].notna().to_dict() == {
        "told": True, "given": True, "clear": True, "minutes": False, "overall": True
    }  # fmt: skip
    assert (found["kappa_low"] < found["kappa"]).loc[["told", "given", "clear"]].all()


@pytest.mark.parametrize("times", [2, 3, 5])
def test_fleiss_of_its_parts_is_that_of_statsmodels(times):
    told = (codings(times=times)["told"] == "yes").to_numpy(float).reshape(-1, times)
    fleiss = Fleiss.of(told)
    observed, expected = fleiss.parts(np.ones((1, len(told))))
    theirs = fleiss_kappa(aggregate_raters(told.astype(int))[0])
    assert fleiss.kappa() == pytest.approx(theirs)
    assert 1 - observed[0] / expected[0] == pytest.approx(theirs)


def test_recordings_coded_three_times_enter_alpha_and_are_left_out_of_fleiss():
    thrice = codings(recordings=20, times=3)
    thrice["recording"] = "x" + thrice["recording"]
    found = agreement(pd.concat([codings(), thrice]), ITEMS[:1]).items.iloc[0]
    assert (found["recordings"], found["codings"]) == (220, 460)
    assert found["fleiss"] == pytest.approx(agreement(codings(), ITEMS[:1]).items.at[0, "fleiss"])


def test_low_agreement_is_told():
    found = agreement(codings(slip=0.5), ITEMS[:1])
    assert found.items["verdict"].eq("unreliable").all()
    assert checks(found).count("agreement-unreliable") == 2


def test_answers_all_alike_are_undefined_with_their_raw_agreement():
    frame = codings().assign(told="yes")
    found = agreement(frame, ITEMS[:1])
    row = found.items.iloc[0]
    assert (row["verdict"], row["agreement"]) == ("undefined", 1)
    assert row[["alpha", "alpha_low", "fleiss", "kappa"]].isna().all()
    assert "agreement-undefined" in checks(found)


@pytest.mark.parametrize(
    ("recordings", "verdict"),
    [(5, "too_few"), (12, "unproven"), (24, "tentative"), (80, "reliable")],
)
def test_perfect_agreement_is_believed_as_far_as_there_are_recordings(recordings, verdict):
    row = agreement(codings(recordings, slip=0), ITEMS[:1]).items.iloc[0]
    assert row["alpha"] == 1
    assert row["verdict"] == verdict
    assert row["alpha_low"] < 1


def test_one_recording_has_figures_and_no_verdict():
    found = agreement(codings(1, slip=0), ITEMS)
    assert found.items["verdict"].eq("too_few").all()
    assert found.coders["verdict"].eq("too_few").all()


def test_missing_answers_leave_the_recording_out_of_their_item():
    frame = codings()
    frame.loc[frame.index[:20], "told"] = None
    frame.loc[frame.index[0], "given"] = "never heard of"
    found = agreement(frame, ITEMS).items.set_index("item")
    assert found["recordings"].to_dict() == {
        "told": 190, "given": 199, "clear": 200, "minutes": 200, "overall": 200
    }  # fmt: skip


@pytest.mark.parametrize("without", ["column", "blank", "single", "none"])
def test_nothing_coded_twice(without):
    frame = codings(20)
    frame = {
        "column": frame.drop(columns="recording"),
        "blank": frame.assign(recording=None),
        "single": frame.drop_duplicates("recording"),
        "none": frame.head(0),
    }[without]
    found = agreement(frame, ITEMS)
    assert (tuple(found.items), tuple(found.coders)) == (ITEM, CODER)
    assert found.items.empty
    assert checks(found) == ["no-double-coding"]


def test_a_second_coding_by_the_same_shopper_does_not_count():
    frame = codings(50)
    again = frame.head(6).assign(told="neither")
    found = agreement(pd.concat([frame, again]), ITEMS)
    (finding,) = [f for f in found.findings if f.check == "coded-twice-by-one"]
    assert finding.count == 6
    pd.testing.assert_frame_equal(found.items, agreement(frame, ITEMS).items)


def test_codings_without_a_name_count_for_items():
    frame = codings(50)
    found = agreement(frame.drop(columns="shopper"), ITEMS)
    assert found.coders.empty
    named = agreement(frame, ITEMS).items
    pd.testing.assert_frame_equal(
        found.items.drop(columns="coders"), named.drop(columns="coders"), rtol=1e-9
    )


def test_a_careless_coder_is_told_and_partners_are_not():
    found = agreement(codings(600, bad=0.35), ITEMS)
    table = found.coders.set_index("shopper")
    assert tuple(found.coders) == CODER
    assert table["verdict"].to_dict() == dict.fromkeys(table.index, "in_line") | {
        "s03": "disagrees"
    }
    assert table.at["s03", "excess_low"] < 0.3 < table.at["s03", "excess_high"] + 0.05
    (finding,) = [f for f in found.findings if f.check == "coder-disagrees"]
    assert "s03" in finding.got


def test_coders_in_fixed_pairs_cannot_be_told_apart():
    frame = codings(100, coders=2)
    second = codings(100, coders=2, seed=1, slip=0.4)
    second = second.assign(
        recording="x" + second["recording"], shopper="t" + second["shopper"].str[1:]
    )
    found = agreement(pd.concat([frame, second]), ITEMS)
    assert found.coders["verdict"].eq("not_separable").all()
    assert found.coders["disagreement"].notna().all()
    assert found.coders["excess"].isna().all()


def test_callers_and_reviewers_stand_against_their_like():
    frame = codings(600, bad=0.35)
    number = frame["shopper"].str[1:].astype(int)
    pair = number.to_numpy().reshape(-1, 2)
    mixed = np.repeat(pair[:, 0] % 2 != pair[:, 1] % 2, 2)
    found = agreement(frame[mixed], ITEMS).coders.set_index("shopper")
    assert found["verdict"].to_dict() == dict.fromkeys(found.index, "in_line") | {
        "s03": "disagrees"
    }
    odd = [name for name in found.index if int(name[1:]) % 2]
    assert found.loc[odd, "excess"].sum() == pytest.approx(0, abs=1e-9)


def test_same_seed_same_figures_in_any_order():
    frame = codings(60)
    shuffled = frame.sample(frac=1, random_state=1)
    one, other = agreement(frame, ITEMS, seed=4), agreement(shuffled, ITEMS, seed=4)
    pd.testing.assert_frame_equal(one.items, other.items)
    pd.testing.assert_frame_equal(one.coders, other.coders)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 500), st.integers(2, 4), st.floats(0, 0.9))
def test_measures_stay_in_their_range(seed, times, missing):
    frame = codings(30, seed=seed, times=times, slip=0.3)
    blank = np.random.default_rng(seed).random((len(frame), len(ITEMS))) < missing
    names = [item.name for item in ITEMS]
    frame[names] = frame[names].astype(object).mask(blank)
    found = agreement(frame, ITEMS, replicates=50)
    for name in ("kappa", "fleiss", "alpha"):
        held = found.items[[name, f"{name}_low", f"{name}_high"]].stack().dropna()
        assert held.between(-2, 1).all()
    assert found.items["agreement"].dropna().between(0, 1).all()
    assert found.coders["disagreement"].between(0, 1).all()
