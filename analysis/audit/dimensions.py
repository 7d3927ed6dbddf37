"""Dimensions: does an indicator measure one thing, and does the tree agree with the data."""

from collections.abc import Iterator

import numpy as np

from analysis.audit.evidence import Evidence, Parts, listed
from analysis.audit.verdicts import Check, Row, Verdict, Words, at_most
from indicators.weights.from_data import varimax

DRAWS = 500
QUANTILE = 0.95
SLIGHT = 0.1
"""A negative loading no larger than this is taken for 0."""
TIE = 1e-9
"""Below this sum as many loadings point one way as the other."""
HANDBOOK = "OECD & JRC (2008), step 4"
KMO = Check(
    "kmo",
    ("取样适切性KMO", "sampling adequacy (KMO)"),
    (
        "KMO不低于0.6；总体低于0.5为不通过",
        "KMO at least 0.6; below 0.5 overall fails",
    ),
    f"Kaiser & Rice (1974); {HANDBOOK}",
    (
        "各指标缺少共同成分，不宜作主成分分析，更不宜据此定权",
        "the indicators share too little for principal components; take no weights from them",
    ),
    warn=0.6,
    fail=0.5,
)
PARALLEL = Check(
    "parallel-analysis",
    ("平行分析维数", "dimensions (parallel analysis)"),
    (
        "下级指标只有一个维度；全部指标的维数不少于一、不多于一级指标数",
        "the parts of an indicator have one dimension; all indicators have one at least and no "
        "more than there are branches of level 1",
    ),
    "Horn (1965); Glorfeld (1995)",
    (
        "按维度拆分指标，或说明将其合成的理由",
        "split it along its dimensions, or say why they are put together",
    ),
    warn=1,
    fail=np.inf,
)
ONE_THING = Check(
    "one-dimension",
    ("主成分与单一维度", "first principal component"),
    (
        "第一主成分载荷同号（异号为不通过），解释方差不低于50%，其余特征值不大于1",
        "loadings on the first component have one sign (else fail), it explains 50 % or more, and "
        "no other eigenvalue is above 1",
    ),
    f"{HANDBOOK}; JRC audits of the Global Innovation Index",
    (
        "下级指标方向不一或不属同一维度，宜核对计分方向或拆分",
        "its parts point different ways or measure different things; check directions, or split it",
    ),
    warn=0.5,
    fail=-np.inf,
)
TREE = Check(
    "tree",
    ("指标树与数据结构", "tree against components"),
    (
        "旋转后的主成分能还原一级指标的划分：归位的指标不少于八成，不足一半为不通过",
        "rotated components return the branches of level 1: 80 % or more of the indicators load "
        "where their branch does; less than half fails",
    ),
    f"{HANDBOOK}; Kaiser (1958)",
    (
        "一级指标的划分在数据中难以区分，解读一级指标差异时宜谨慎，或调整划分",
        "the data do not tell the branches apart; read their differences with care, or redraw them",
    ),
    warn=0.8,
    fail=0.5,
)


def kmo(correlation: np.ndarray) -> tuple[float, np.ndarray]:
    """Return the Kaiser-Meyer-Olkin measure of sampling adequacy.

    Parameters
    ----------
    correlation
        Shape (K, K).

    Returns
    -------
    overall
        0 to 1.
    each
        The measure of every part, shape (K,).

    Notes
    -----
    Squared correlations as a share of them and the squared partial correlations given all other
    parts; Kaiser and Rice (1974), Educational and Psychological Measurement 34:111-117. A singular
    matrix is inverted in the sense of Moore and Penrose.
    """
    inverse = np.linalg.pinv(correlation, hermitian=True)
    scale = np.sqrt(np.diag(inverse))
    partial = inverse / np.outer(scale, scale)
    plain, partial = correlation**2, partial**2
    for squared in (plain, partial):
        np.fill_diagonal(squared, 0)
    together = plain.sum() + partial.sum()
    with np.errstate(invalid="ignore"):
        each = plain.sum(axis=0) / (plain.sum(axis=0) + partial.sum(axis=0))
        return float(plain.sum() / together), each


def parallel_analysis(
    correlation: np.ndarray,
    n: int,
    *,
    draws: int = DRAWS,
    quantile: float = QUANTILE,
    seed: int = 0,
) -> tuple[int, np.ndarray]:
    """Return how many components stand out from chance.

    Parameters
    ----------
    correlation
        Shape (K, K).
    n
        Observations it was computed from, more than K.
    draws, quantile, seed
        Of the correlation matrices of independent normal data.

    Returns
    -------
    dimensions
        How many eigenvalues, from the largest on, exceed that quantile of the drawn ones.
    thresholds
        Those quantiles, shape (K,).

    Notes
    -----
    Horn (1965), Psychometrika 30:179-185, with Glorfeld's (1995, Educational and Psychological
    Measurement 55:377-393) upper quantile in place of the mean. The cross-products of n normal
    observations are drawn as such (Wishart), not the observations.
    """
    from scipy.stats import wishart

    size = len(correlation)
    random = np.random.default_rng([seed, n, size])
    drawn = wishart.rvs(n - 1, np.eye(size), size=draws, random_state=random)
    spread = np.sqrt(np.diagonal(drawn, axis1=1, axis2=2))
    drawn = drawn / (spread[:, :, None] * spread[:, None])
    by_chance = np.linalg.eigvalsh(drawn)[:, ::-1]
    thresholds = np.quantile(by_chance, quantile, axis=0)
    above = np.linalg.eigvalsh(correlation)[::-1] > thresholds
    return int(np.logical_and.accumulate(above).sum()), thresholds


def check_dimensions(evidence: Evidence) -> Iterator[Row]:
    """Check the components of each indicator's parts, and of all indicators together."""
    leaf_scales = [each for each in evidence.scales if each.node in evidence.leaves]
    for parts in (*evidence.parts, *leaf_scales):
        yield _one_thing(evidence, parts)
        if len(parts.ids) > 2 and parts.n > len(parts.ids):
            dimensions, _ = parallel_analysis(parts.correlation, parts.n, seed=evidence.seed)
            zh, en = evidence.labels[parts.node]
            yield PARALLEL.row(
                evidence.tree.ids[parts.node],
                dimensions,
                (
                    f"{zh}之下{len(parts.ids)}项有{dimensions}个维度",
                    f"the {len(parts.ids)} parts of {en} have {_counted(dimensions)}",
                ),
                "pass" if dimensions == 1 else "warn",
            )
    if (whole := evidence.whole) is not None and whole.n > len(whole.ids) > 2:
        yield from _adequacy(whole)
        yield from _against_tree(evidence, whole)


def _one_thing(evidence: Evidence, parts: Parts) -> Row:
    values, vectors = np.linalg.eigh(parts.correlation)
    share, second = values[-1] / values.sum(), values[-2]
    first = vectors[:, -1] * np.sqrt(values[-1])
    whole = first.sum()
    first *= np.sign(first[0] if abs(whole) < TIE else whole)
    against = [name for name, each in zip(parts.names, first, strict=True) if each < -SLIGHT]
    verdict: Verdict = ONE_THING.judge(share)
    if against:
        verdict = "fail"
    elif second > 1:
        verdict = "warn"
    zh, en = evidence.labels[parts.node]
    found = (
        f"{zh}的第一主成分解释方差{share:.0%}，第二特征值{second:.2f}",
        f"the first component of {en} explains {share:.0%}; the second eigenvalue is {second:.2f}",
    )
    if against:
        names = listed(against)
        found = f"{found[0]}，{names[0]}载荷为负", f"{found[1]}; {names[1]} loads negatively"
    return ONE_THING.row(evidence.tree.ids[parts.node], share, found, verdict)


def _adequacy(whole: Parts) -> Iterator[Row]:
    overall, each = kmo(whole.correlation)
    yield KMO.row(
        "total", overall, (f"全部{len(each)}项指标KMO为{overall:.2f}", f"KMO is {overall:.2f}")
    )
    for name, (zh, en), value in zip(whole.ids, whole.names, each, strict=True):
        verdict = at_most(KMO.judge(value), "warn")
        yield KMO.row(name, value, (f"{zh}为{value:.2f}", f"{en}: {value:.2f}"), verdict)


def _against_tree(evidence: Evidence, whole: Parts) -> Iterator[Row]:
    tree = evidence.tree
    branches = tree.core(0)
    if len(branches) < 2 or len(whole.ids) <= len(branches):
        return
    dimensions, _ = parallel_analysis(whole.correlation, whole.n, seed=evidence.seed)
    yield PARALLEL.row(
        "total",
        dimensions,
        (
            f"全部{len(whole.ids)}项指标有{dimensions}个维度，一级指标{len(branches)}项",
            f"all {len(whole.ids)} indicators have {_counted(dimensions)}; there are "
            f"{len(branches)} branches",
        ),
        "pass" if 1 <= dimensions <= len(branches) else "warn",
    )
    own = np.array([tree.path(tree.index(name))[1] for name in whole.ids])
    at_home, names = _at_home(whole, own, branches)
    found: Words = (
        f"{len(whole.ids)}项指标中{at_home.mean():.0%}与所属一级指标的主成分一致",
        f"{at_home.mean():.0%} of {len(whole.ids)} indicators load where their branch does",
    )
    if names:
        away = listed(names)
        found = f"{found[0]}，{away[0]}不一致", f"{found[1]}; not {away[1]}"
    yield TREE.row("total", at_home.mean(), found)


def _at_home(whole: Parts, own: np.ndarray, branches: np.ndarray) -> tuple[np.ndarray, list[Words]]:
    """Return which indicators load most on the component of their branch, and the others' names.

    As many components as branches are rotated (varimax); each branch has the one that its
    indicators load on most, by an assignment of one to one.
    """
    from scipy.optimize import linear_sum_assignment

    values, vectors = np.linalg.eigh(whole.correlation)
    kept = len(branches)
    loadings = (vectors * np.sqrt(np.maximum(values, 0)))[:, ::-1][:, :kept]
    squared = varimax(loadings) ** 2
    shared = np.array([squared[own == branch].sum(axis=0) for branch in branches])
    component = dict(
        zip(branches[(found := linear_sum_assignment(-shared))[0]], found[1], strict=True)
    )
    at_home = squared.argmax(axis=1) == np.array([component[branch] for branch in own])
    return at_home, [name for name, home in zip(whole.names, at_home, strict=True) if not home]


def _counted(dimensions: int) -> str:
    return f"{dimensions} dimension{'' if dimensions == 1 else 's'}"
