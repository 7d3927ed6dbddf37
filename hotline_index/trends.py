"""An edition beside those before it, as tables of its results."""

from dataclasses import dataclass

from analysis.trends.bridge import bridge_editions
from analysis.trends.chain import chain_editions
from analysis.trends.changes import compare_editions
from analysis.trends.sentences import bridge_sentence, chain_sentence, change_sentence
from analysis.uncertainty.bootstrap import Draws, bootstrap
from hotline_index.comparing import STATEMENTS, Compared, Tables, stated
from hotline_index.edition import Edition, open_edition
from hotline_index.progress import Quiet
from hotline_index.reading import plain_scores
from hotline_index.suppression.tables import suppressed_changes
from indicators.nodes import Words
from indicators.scores import Scores
from survey.findings import Finding, InputError, Severity


@dataclass(frozen=True)
class Year:
    """The scores of an edition with their draws."""

    name: str
    scores: Scores
    draws: Draws


def earlier_years(edition: Edition) -> tuple[Year, ...]:
    """Read and score the editions before one, as far as each names its own ``previous``.

    Returns
    -------
    The earliest first.

    Raises
    ------
    InputError
        Where one cannot be read, has no records, or comes before itself.
    """
    years: list[Year] = []
    seen, at = {edition.folder.resolve()}, edition
    while at.config.previous is not None:
        folder = at.folder / at.config.previous
        if folder.resolve() in seen:
            raise InputError([_refused(at, "an edition that comes before itself")])
        seen.add(folder.resolve())
        at = open_edition(folder)
        if not at.has_records:
            raise InputError([_refused(edition, "published figures only")])
        scores, _ = plain_scores(at, Quiet())
        setting = at.config.uncertainty
        draws, _ = bootstrap(
            scores, replicates=setting.replicates, level=setting.level, seed=setting.seed
        )
        years.append(Year(at.config.edition, scores.with_se(draws.se, draws.degrees), draws))
    return tuple(reversed(years))


def compare_years(edition: Edition, scores: Scores, draws: Draws) -> Compared:
    """Compare an edition with the one before it, and chain those before that.

    Parameters
    ----------
    edition
        The edition; without ``previous`` there is nothing to compare.
    scores, draws
        Its scores with standard errors, and their draws.
    """
    if edition.config.previous is None:
        return {}, ()
    level = edition.config.uncertainty.level
    years = earlier_years(edition)
    last = years[-1]
    changes, findings = compare_editions(last.scores, scores, last.draws, draws, level=level)
    by_unit, national = suppressed_changes(changes.units, changes.national, last.scores)
    tables: Tables = {
        "changes": by_unit,
        "national_changes": national,
        "rank_changes": changes.ranks,
    }
    cities = Words(zh="城市", en="cities")
    said = [
        Words(zh=change_sentence(changes, cities, "zh"), en=change_sentence(changes, cities, "en"))
    ]
    bridge, found = bridge_editions(last.scores, scores, level=level)
    if bridge is not None:
        tables |= {
            "bridge": bridge.units,
            "national_bridge": bridge.nation,
            "item_fates": bridge.items,
        }
        said.append(Words(zh=bridge_sentence(bridge, "zh"), en=bridge_sentence(bridge, "en")))
    findings += found
    if len(years) > 1:
        series = [*((year.name, year.scores) for year in years), (edition.config.edition, scores)]
        chain, more = chain_editions(series, level=level)
        tables |= {"national_chain": chain.nation, "chain": chain.units}
        said.append(Words(zh=chain_sentence(chain, "zh"), en=chain_sentence(chain, "en")))
        findings += more
    tables[STATEMENTS] = stated("trends", *said)
    return tables, findings


def _refused(edition: Edition, got: str) -> Finding:
    return Finding(
        "no-previous",
        Severity.ERROR,
        edition.file,
        None,
        "previous",
        "the folder of an earlier edition with records",
        got,
        str(edition.config.previous),
    )
