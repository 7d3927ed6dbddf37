"""Faults planted into a small clean campaign are found, and nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.clean_campaign import clean_campaign
from benchmarks.planted_records import MOST_FALSE, false_alarms, pooled, trial
from benchmarks.planters import PLANTERS
from hotline_index.edition import open_edition

CITIES = 70


@pytest.fixture(scope="module")
def campaign():
    edition = open_edition(Path("editions/demo"))
    assert edition.sample is not None
    return clean_campaign(replace(edition, sample=edition.sample[:: 335 // CITIES]), 0)


def test_planted_faults_are_found_and_little_else(campaign):
    results = pooled(trial(campaign, 0))
    assert {result.check for result in results} == set(PLANTERS)
    assert all(result.planted >= 10 for result in results)
    failed = [result for result in results if result.recall < 0.9 or result.precision < 0.9]
    assert not failed
    assert sum(result.hit for result in results) >= 0.95 * sum(r.planted for r in results)
    assert sum(result.hit for result in results) >= 0.95 * sum(r.found for r in results)


def test_a_clean_campaign_raises_hardly_an_alarm(campaign):
    alarms = false_alarms(campaign)
    assert max(alarms.values()) < MOST_FALSE
    assert sum(alarms.values()) < MOST_FALSE
