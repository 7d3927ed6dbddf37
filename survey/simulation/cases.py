"""What hotlines hand in themselves: innovation cases, and operating figures."""

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from survey.simulation.answers import Sheet
from survey.simulation.campaign import CampaignModel
from survey.simulation.drawing import centred, ids, named
from survey.simulation.items import ALL

REVIEWERS = 6
ADMITTED_RATE = 0.9
"""Answered rate that a city of middling quality reports of itself."""
CASE_GROUPS = ("老年人", "青年", "企业", "外来务工人员", "学生家长", "残障人士")
CASE_WORKS = {
    "content": ("专席服务", "政策答疑", "上门协办", "应急求助服务"),
    "method": ("智能派单", "视频坐席", "数据研判", "限时回访"),
}


def simulated_cases(model: CampaignModel, quality: np.ndarray) -> Sheet:
    """Return the innovation cases without their answers, in the order of units."""
    random = model.stream("cases")
    unit = np.repeat(np.arange(len(quality)), random.poisson(model.cases * np.exp(0.35 * quality)))
    size = len(unit)
    kind, work = random.integers(0, 2, size), random.integers(0, 4, size)
    group = named(CASE_GROUPS, random.integers(0, len(CASE_GROUPS), size))
    city = model.units.index.to_numpy(dtype=object)[unit]
    what = "面向" + group + "的" + named(sum(CASE_WORKS.values(), ()), kind * 4 + work)
    reviewer = random.integers(0, REVIEWERS, size)
    if model.draw:
        reviewer = model.chance("reviewers").permutation(reviewer)
    severity = centred(random.standard_normal(REVIEWERS)) * model.effects.shopper
    frame = pd.DataFrame(
        {
            "case_id": ids("sim-k", size),
            "unit": city,
            "kind": named(tuple(CASE_WORKS), kind),
            "title": "【模拟】" + what,
            "text": "模拟案例，并非真实做法：" + city + "的政务热线推出" + what + "。",
            "reviewer": ids("v", REVIEWERS)[reviewer],
        },
        dtype="str",
    )
    nobody = np.zeros(size, dtype=int)
    return Sheet("cases", frame, unit, nobody, (ALL,), np.ones(size, bool), -severity[reviewer])


def simulated_kpis(model: CampaignModel, quality: np.ndarray) -> pd.DataFrame:
    """Return the operating figures that each hotline reports of itself."""
    random = model.stream("kpis")
    calls = np.rint(np.exp(random.normal(np.log(2e5), 0.8, len(quality)))).astype(int)
    noise = 0.3 * random.standard_normal(len(quality))
    rate = expit(logit(ADMITTED_RATE) + 0.8 * model.effects.city * quality + noise)
    answered = random.binomial(calls, rate)
    return pd.DataFrame(
        {
            "unit": model.units.index.to_numpy(dtype=object),
            "kpi": "answered_rate",
            "numerator": answered,
            "denominator": calls,
            "value": np.round(answered / calls, 4),
            "period": f"{model.start:%Y-%m-%d}/{model.end:%Y-%m-%d}",
            "clock_start": "queue_entry",
            "source": "模拟数据，并非热线上报",
        }
    )
