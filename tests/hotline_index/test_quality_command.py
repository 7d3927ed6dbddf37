"""The data-quality report: all that is known of the data, whether they can be scored or not."""

import re
import shutil

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner

from hotline_index.cli import cli
from hotline_index.edition import open_edition
from hotline_index.planning.schedule import plan_edition, write_edition_plan
from hotline_index.quality.examine import examine
from hotline_index.simulation import simulate_edition
from report.prose import data
from report.release.codebook import describe
from report.results import read_results

DAYS = {"start": "2021-09-06", "end": "2021-09-24", "holidays": []}


def changed(folder, **keys):
    path = folder / "edition.yaml"
    config = yaml.safe_load(path.read_text(encoding="utf-8")) | keys
    path.write_text(yaml.safe_dump(config, allow_unicode=True), encoding="utf-8")
    return config


@pytest.fixture(scope="module")
def campaign(small_edition, tmp_path_factory):
    """A planned campaign with double codings, handed-out questionnaires and planted faults."""
    folder = tmp_path_factory.mktemp("campaigns") / "campaign"
    shutil.copytree(small_edition, folder, ignore=shutil.ignore_patterns("calls*", "responses*"))
    config = changed(folder, plan=DAYS | {"shoppers": 6, "double_coded": 0.3})
    data = config["data"] | {"plan": "plan/plan.csv"}
    simulation = config["simulation"] | {
        "follow_plan": True, "handed_out": {"share": 0.5, "inflation": 0.2},
    }  # fmt: skip
    changed(folder, data=data, simulation=simulation)
    edition = open_edition(folder)
    write_edition_plan(edition, plan_edition(edition), folder / "plan")
    simulate_edition(edition)
    calls = pd.read_csv(folder / "data/calls.csv", dtype=str)
    answered = calls[(calls["outcome"] == "answered") & (calls["deadline_told"] == "no")]
    copies = answered.head(2).assign(recording=None)
    copies["call_id"] = ["copy-1", "copy-2"]
    pd.concat([calls, copies]).to_csv(folder / "data/calls.csv", index=False)
    pd.DataFrame(
        {
            "record_id": [answered["call_id"].iloc[5]], "item": ["deadline_told"], "old": ["no"],
            "new": ["yes"], "reason": ["复听录音，确已告知"], "by": ["甲"], "at": ["2021-12-01"],
        }
    ).to_csv(folder / "data/corrections.csv", index=False)  # fmt: skip
    changed(folder, data=data | {"corrections": "data/corrections.csv"})
    return folder


@pytest.fixture(scope="module")
def told(campaign):
    done = CliRunner().invoke(cli, ["quality", str(campaign)])
    assert done.exit_code == 0, done.output
    return {
        lang: (campaign / "quality" / name).read_text(encoding="utf-8")
        for lang, name in (("zh", "index.html"), ("en", "index.en.html"))
    }


def test_every_part_of_the_report_is_told_in_both_languages(told):
    heads = {lang: re.findall(r"<h2>(.*?)</h2>", page) for lang, page in told.items()}
    assert heads["zh"] == [
        "核查结果", "被标记的记录", "拨测计划完成情况", "双录的一致性", "拨测员的严宽",
        "任务分配是否均衡", "剔除严宽影响后的得分", "热线发放的问卷是否可信", "更正",
    ]  # fmt: skip
    assert len(heads["en"]) == len(heads["zh"])
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"<style>.*?</style>", "", heads["en"][0]))


def test_what_was_planted_is_told(campaign, told):
    flags = pd.read_csv(campaign / "quality/flags.csv")
    copied = flags[flags["record"].isin(["copy-1", "copy-2"])]
    assert {"duplicate-records", "unplanned-calls"} <= set(copied["check"])
    corrections = pd.read_csv(campaign / "quality/corrections.csv")
    assert corrections["corrections"].sum() == 1
    assert "复听录音，确已告知" in told["zh"]
    planned = pd.read_csv(campaign / "quality/coverage_slot.csv")
    assert planned["unplanned"].sum() == 2 and planned["planned"].sum() > 288


def test_every_table_of_a_simulated_edition_says_so(campaign, told):
    tables = list((campaign / "quality").glob("*.csv"))
    assert tables
    assert all("simulated" in pd.read_csv(path, nrows=1).columns for path in tables)
    assert all("模拟数据" in told["zh"] or "Simulated" in told["en"] for _ in tables)


def test_a_run_writes_the_same_report_and_counts_the_corrections(campaign, told):
    before = {p.name: p.read_bytes() for p in (campaign / "quality").iterdir()}
    done = CliRunner().invoke(cli, ["run", str(campaign), "--no-publish", "--quiet"])
    assert done.exit_code == 0, done.output
    assert {p.name: p.read_bytes() for p in (campaign / "quality").iterdir()} == before
    reasons = pd.read_csv(campaign / "results/correction_reasons.csv")
    assert reasons["corrections"].tolist() == [1]
    assert all(describe("correction_reasons", each).words.zh for each in reasons)
    effects = pd.read_csv(campaign / "results/corrections.csv")
    assert all(describe("corrections", each).words.zh for each in effects)
    told = data.corrections(read_results(campaign / "results"))
    assert "更正1个数值" in told.replace(" ", "")


def test_data_that_cannot_be_scored_still_have_a_report(edition):
    path = edition / "data/calls.csv"
    calls = pd.read_csv(path, dtype=str)
    calls.loc[3, "outcome"] = "answred"
    calls.to_csv(path, index=False)
    done = CliRunner().invoke(cli, ["quality", str(edition)])
    assert done.exit_code == 1
    assert "answred" in done.output
    page = (edition / "quality/index.html").read_text(encoding="utf-8")
    assert "须改正后才能计分" in page and "answred" in page
    found = examine(open_edition(edition))
    assert not found.sound and "flags" not in found.results
