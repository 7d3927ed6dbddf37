"""Small: `python -m benchmarks.planted_shoppers` looks at twenty campaigns of each kind."""

from benchmarks.planted_shoppers import campaign, main


def test_clean_campaigns_hold_no_faults():
    assert campaign(0, clean=True).faults == frozenset()
    assert len(campaign(0, clean=False).faults) == 10


def test_planted_faults_are_found_and_a_clean_campaign_is_clean(capsys):
    assert main(seeds=1) == 0  # which asks for 0.95 of each kind, and under 1 % false alarms
    assert "precision 1.000, recall 1.000" in capsys.readouterr().out
