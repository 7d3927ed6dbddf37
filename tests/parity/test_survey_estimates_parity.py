"""Survey estimates against R's package survey, on its `api` data.

The data (tests/parity/data/apistrat.csv, apiclus1.csv, apiclus2.csv) are public figures of the
California Department of Education on its schools, as they come with the R package survey
(``data(api)``), with the columns used here only. Every figure was printed by R survey 4.1-1 from
the call beside it, after::

    library(survey); data(api)
    dstrat <- svydesign(id=~1, strata=~stype, weights=~pw, data=apistrat, fpc=~fpc)
    dclus1 <- svydesign(id=~dnum, weights=~pw, data=apiclus1, fpc=~fpc)
    dclus2 <- svydesign(id=~dnum+snum, fpc=~fpc1+fpc2, data=apiclus2)
    lonely <- rbind(subset(apistrat, stype!="H"), head(subset(apistrat, stype=="H"), 1))
    pop.types <- data.frame(stype=c("E","H","M"), Freq=c(4421,755,1018))
    pop.schwide <- data.frame(sch.wide=c("No","Yes"), Freq=c(1072,5122))
    dclus1r <- rake(dclus1, list(~stype,~sch.wide), list(pop.types, pop.schwide))

The vignette "A survey analysis example" that comes with the package
(https://cran.r-project.org/web/packages/survey/vignettes/survey.pdf) prints those marked (V) too;
the calls marked (M) are among the examples of its manual pages api, svyratio, svyby, rake and
postStratify (https://cran.r-project.org/web/packages/survey/survey.pdf).
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.weighting.estimates import estimate
from survey.weighting.margins import read_margins
from survey.weighting.reweighting import reweight
from survey.weighting.settings import Design, RakingSettings

DATA = Path(__file__).parent / "data"
STRAT, CLUS1, CLUS2 = (pd.read_csv(DATA / f"{n}.csv") for n in ("apistrat", "apiclus1", "apiclus2"))
DSTRAT = Design(weight="pw", strata=("stype",), population=("fpc",))
DCLUS1 = Design(weight="pw", clusters=("dnum",), population=("fpc",))
DCLUS2 = Design(weight="pw", clusters=("dnum", "snum"), population=("fpc1", "fpc2"))
DIGITS = 5e-5
"""Half a unit of the fourth significant digit of figures that begin with 1."""
close = pytest.approx

WHOLE = [
    # svymean(~api00, dclus1, deff=TRUE) (V)
    (CLUS1, DCLUS1, "mean", "api00", (644.169399, 23.542241, 9.34587)),
    # svytotal(~enroll, dclus1, deff=TRUE) (V)
    (CLUS1, DCLUS1, "total", "enroll", (3404940.13, 932235.03, 31.31066)),
    # svymean(~api00, dstrat, deff=TRUE) (M)
    (STRAT, DSTRAT, "mean", "api00", (662.2873632, 9.4089408, 1.20446)),
    # svytotal(~enroll, dstrat, deff=TRUE) (M)
    (STRAT, DSTRAT, "total", "enroll", (3687177.53, 114641.72, 0.36202)),
    # svymean(~api00, dclus2, deff=TRUE) (M)
    (CLUS2, DCLUS2, "mean", "api00", (670.811808, 30.099027, 6.25051)),
    # svymean(~enroll, dclus2, na.rm=TRUE, deff=TRUE)
    (CLUS2, DCLUS2, "mean", "enroll", (526.262642, 80.340984, 6.1427)),
    # svytotal(~enroll, dclus2, na.rm=TRUE) (M)
    (CLUS2, DCLUS2, "total", "enroll", (2639272.9, 799637.77, None)),
    # svytotal(~api00, dclus2)
    (CLUS2, DCLUS2, "total", "api00", (3440375.8, 926665.59, None)),
    # svymean(~api00, svydesign(id=~1, weights=~pw, data=apistrat))
    (STRAT, Design(weight="pw"), "mean", "api00", (662.287363, 9.585428876, None)),
]


@pytest.mark.parametrize(("frame", "design", "kind", "variable", "golden"), WHOLE)
def test_means_and_totals(frame, design, kind, variable, golden):
    table, _ = estimate(frame, kind, variable, design)
    row = table.iloc[0]
    assert (row["estimate"], row["se"]) == close(golden[:2], rel=DIGITS)
    if golden[2] is not None:
        assert row["deff"] == close(golden[2], rel=DIGITS)


def test_intervals_and_degrees_of_freedom():
    # confint(svymean(~api00, dclus1), df=degf(dclus1)); the same of dstrat; degf() of each
    row = estimate(CLUS1, "mean", "api00", DCLUS1)[0].iloc[0]
    assert (row["low"], row["high"]) == close((593.6763145, 694.6624834), rel=DIGITS)
    assert row["degrees"] == 14
    row = estimate(STRAT, "mean", "api00", DSTRAT)[0].iloc[0]
    assert (row["low"], row["high"]) == close((643.7321883, 680.842538), rel=DIGITS)
    assert row["degrees"] == 197
    assert estimate(CLUS2, "mean", "api00", DCLUS2)[0]["degrees"].iloc[0] == 39


def test_shares():
    # svymean(~stype, dclus1, deff=TRUE)
    table, _ = estimate(CLUS1, "share", "stype", DCLUS1)
    table = table.set_index("value")
    golden = {
        "E": (0.786885246, 0.046336554, 2.40115),
        "H": (0.076502732, 0.026810219, 1.90802),
        "M": (0.136612022, 0.029649047, 1.39773),
    }
    for value, figures in golden.items():
        assert tuple(table.loc[value, ["estimate", "se", "deff"]]) == close(figures, rel=DIGITS)
    # attributes(svyciprop(~I(stype=="E"), dclus1, method="logit"))$ci
    assert tuple(table.loc["E", ["low", "high"]]) == close((0.671201134, 0.869764788), rel=DIGITS)


def test_numbers_of_records_of_a_kind():
    # svytotal(~stype, dclus1) (V)
    golden = {
        "E": (4873.96747, 1333.31940), "H": (473.85795, 158.69928), "M": (846.17491, 167.54989),
    }  # fmt: skip
    for value, figures in golden.items():
        frame = CLUS1.assign(one=(CLUS1["stype"] == value).astype(float))
        row = estimate(frame, "total", "one", DCLUS1)[0].iloc[0]
        assert (row["estimate"], row["se"]) == close(figures, rel=DIGITS)


@pytest.mark.parametrize(
    ("frame", "design", "golden"),
    [
        (STRAT, DSTRAT, (0.8369568869, 0.007757103167)),  # svyratio(~api.stu, ~enroll, dstrat) (M)
        (CLUS1, DCLUS1, (0.8497087417, 0.008386297169)),  # svyratio(~api.stu, ~enroll, dclus1) (V)
        # svyratio(~api.stu, ~enroll, dclus2, na.rm=TRUE)
        (CLUS2, DCLUS2, (0.8197370421, 0.01885056331)),
    ],
)
def test_ratios(frame, design, golden):
    row = estimate(frame, "ratio", "api.stu", design, over="enroll")[0].iloc[0]
    assert (row["estimate"], row["se"]) == close(golden, rel=DIGITS)


DOMAINS = [
    # svyby(~api00, ~stype, dclus1, svymean, deff=TRUE)
    (CLUS1, DCLUS1, "mean", "api00", None, "stype",
     {"E": (648.8680556, 22.36240889, 6.583673525), "H": (618.5714286, 38.02024936, 2.228259317),
      "M": (631.4400000, 31.60946523, 2.163899720)}),
    # svyby(~api99, ~stype, dclus1, svymean) (M)
    (CLUS1, DCLUS1, "mean", "api99", None, "stype",
     {"E": (607.7916667, 22.81660038), "H": (595.7142857, 41.76400034),
      "M": (608.6, 32.56064135)}),
    # svyby(~api00, ~stype, dclus2, svymean)
    (CLUS2, DCLUS2, "mean", "api00", None, "stype",
     {"E": (692.8104009, 29.92660424), "H": (598.3406593, 17.69416713),
      "M": (642.3520000, 45.09131630)}),
    # svyby(~api00, ~sch.wide, dstrat, svymean, deff=TRUE)
    (STRAT, DSTRAT, "mean", "api00", None, "sch.wide",
     {"No": (593.7468582, 18.61916751, 1.312257587),
      "Yes": (676.5304437, 10.52038920, 1.198157193)}),
    # svyby(~enroll, ~stype, dclus1, svytotal)
    (CLUS1, DCLUS1, "total", "enroll", None, "stype",
     {"E": (2109717.1268, 631349.3863), "H": (535594.8696, 226716.5947),
      "M": (759628.1381, 213635.4843)}),
    # svyby(~enroll, ~stype, dclus2, svytotal, na.rm=TRUE)
    (CLUS2, DCLUS2, "total", "enroll", None, "stype",
     {"E": (1161343.98, 334451.8484), "H": (715486.12, 338720.9881),
      "M": (762442.83, 291735.0418)}),
    # svyby(~api.stu, ~stype, denominator=~enroll, dstrat, svyratio)
    (STRAT, DSTRAT, "ratio", "api.stu", "enroll", "stype",
     {"E": (0.8518163060, 0.007032359593), "H": (0.8105701522, 0.020477256756),
      "M": (0.8356957525, 0.018187438390)}),
    # svyby(~api.stu, by=~stype, denominator=~enroll, design=dclus1, svyratio) (M); that of H is
    # svyratio(~api.stu, ~enroll, design=subset(dclus1, stype=="H")) (V)
    (CLUS1, DCLUS1, "ratio", "api.stu", "enroll", "stype",
     {"E": (0.8532672346, 0.01253360860), "H": (0.8300682508, 0.01472607324),
      "M": (0.8536737513, 0.01114202867)}),
]  # fmt: skip


@pytest.mark.parametrize(("frame", "design", "kind", "variable", "over", "by", "golden"), DOMAINS)
def test_domains(frame, design, kind, variable, over, by, golden):
    table = estimate(frame, kind, variable, design, over=over, by=[by])[0].set_index(by)
    assert list(table.index) == list(golden)
    for domain, figures in golden.items():
        found = tuple(table.loc[domain, ["estimate", "se", "deff"][: len(figures)]])
        assert found == close(figures, rel=DIGITS)


@pytest.mark.parametrize(
    ("rule", "se", "se_no"),
    # options(survey.lonely.psu=RULE); dl <- svydesign(id=~1, strata=~stype, weights=~pw,
    # data=lonely, fpc=~fpc); svymean(~api00, dl); svyby(~api00, ~sch.wide, dl, svymean)
    [("adjust", 10.49795, 25.85415223), ("average", 12.83947, 31.50583171),
     ("remove", 10.48338, 25.72440387)],
)  # fmt: skip
def test_lonely_psus(rule, se, se_no):
    high = STRAT[STRAT["stype"] == "H"].head(1)
    lonely = pd.concat([STRAT[STRAT["stype"] != "H"], high])
    design = DSTRAT.model_copy(update={"lonely": rule})
    table, findings = estimate(lonely, "mean", "api00", design)
    assert table["estimate"].iloc[0] == close(666.7948, rel=DIGITS)
    assert table["se"].iloc[0] == close(se, rel=DIGITS)
    assert [finding.check for finding in findings] == ["lonely-psu"]
    by = estimate(lonely, "mean", "api00", design, by=["sch.wide"])[0].set_index("sch.wide")
    assert by.loc["No", "se"] == close(se_no, rel=DIGITS)


class NoUnits:
    def resolve_column(self, names, file, column):
        return names, ()


def raked(tmp_path: Path, lines: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    path = tmp_path / "margins.csv"
    path.write_text(f"variable,value,count\n{lines}", encoding="utf-8")
    margins, _ = read_margins(path, NoUnits())
    frame = CLUS1.assign(unit="California", weight=CLUS1["pw"])
    reweighted, _ = reweight(frame, margins, RakingSettings(file=path))
    return reweighted.frame, reweighted.effects


TYPES = "stype,E,4421\nstype,H,755\nstype,M,1018\n"
WIDE = "sch.wide,No,1072\nsch.wide,Yes,5122\n"


def test_raked_weights(tmp_path):
    # unique(data.frame(apiclus1$stype, apiclus1$sch.wide, weights(dclus1r))), where rake() had
    # control=list(maxit=100, epsilon=1e-8); by its own epsilon=1 it stops in the fifth digit
    frame, effects = raked(tmp_path, TYPES + WIDE)
    weights = frame.drop_duplicates(["stype", "sch.wide"]).set_index(["stype", "sch.wide"])
    golden = {
        ("H", "Yes"): 50.32940115, ("E", "Yes"): 29.87067548, ("M", "Yes"): 36.79102491,
        ("M", "No"): 49.06907221, ("E", "No"): 39.83923622, ("H", "No"): 67.12552925,
    }  # fmt: skip
    for cell, weight in golden.items():
        assert weights.loc[cell, "weight"] == close(weight, rel=DIGITS)
    # w <- weights(dclus1r); 1 + var(w) * (length(w) - 1) / length(w) / mean(w)^2
    assert effects["deff"].iloc[0] == close(1.051656696, rel=DIGITS)


@pytest.mark.parametrize(
    ("lines", "mean", "total"),
    [
        # svymean(~api00, dclus1r); svytotal(~enroll, dclus1r) (M)
        (TYPES + WIDE, 641.23025, 3647300),
        # d <- postStratify(dclus1, ~stype, pop.types); svymean(~api00, d); svytotal(~enroll, d) (M)
        (TYPES, 642.31079, 3680892.9),
    ],
)
def test_estimates_with_raked_weights(tmp_path, lines, mean, total):
    frame, _ = raked(tmp_path, lines)
    design = DCLUS1.model_copy(update={"weight": "weight"})
    assert estimate(frame, "mean", "api00", design)[0]["estimate"].iloc[0] == close(
        mean, rel=DIGITS
    )
    found = estimate(frame, "total", "enroll", design)[0]["estimate"].iloc[0]
    assert found == close(total, rel=DIGITS)


def test_the_data_are_those_of_the_package():
    # sapply(list(apistrat, apiclus1, apiclus2), nrow); sum(apistrat$pw)
    assert [len(f) for f in (STRAT, CLUS1, CLUS2)] == [200, 183, 126]
    assert np.isclose(STRAT["pw"].sum(), 6194, rtol=1e-6)
