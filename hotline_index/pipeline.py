"""The run of an edition: from its folder to its results and its publication."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hotline_index.edition import open_edition
from hotline_index.manifest import fingerprint, kept_results
from hotline_index.progress import Progress, Quiet
from hotline_index.publication import Publisher, publish_edition
from hotline_index.reading import Found
from report.garbage import seldom_collected
from report.language import Lang
from report.results import Results


@dataclass(frozen=True)
class Run:
    """What a run gives back.

    Parameters
    ----------
    results, findings
        The results, and the findings that did not stop the run.
    reused
        What was taken over from an earlier run because nothing that decides it has changed.
    """

    results: Results
    findings: Found
    reused: tuple[str, ...]


@seldom_collected()
def run(
    folder: Path,
    *,
    langs: Sequence[Lang] = ("zh",),
    publisher: Publisher = "embedded",
    fresh: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Run an edition from its folder to its publication.

    Parameters
    ----------
    folder
        A folder with an ``edition.yaml``.
    langs
        Languages of the publications; with none, the run ends with the results.
    publisher
        ``embedded``, or ``quarto`` where Quarto is installed.
    fresh
        Whether to make everything anew, even what would come out the same.
    progress
        Hears of the steps.

    Returns
    -------
    What came of it. ``quality/``, ``results/`` and the publications in the folder are replaced,
    each whole or not at all; what an earlier run made from the same inputs, configuration and
    program is kept.

    Raises
    ------
    InputError
        With everything that is wrong with the edition.
    """
    progress = progress or Quiet()
    edition = open_edition(folder)
    made_from = fingerprint(edition)
    kept = None if fresh else kept_results(edition, made_from)
    reused: list[str] = []
    if kept is None:
        from hotline_index.outputs import write_edition
        from hotline_index.quality.examine import judge, write_edition_quality
        from hotline_index.steps import Scored, analyse

        def tell_quality(scored: Scored, findings: Found) -> None:
            write_edition_quality(edition, judge(edition, scored, findings))

        results, findings = analyse(edition, progress, tell_quality)
        write_edition(edition, results, made_from, progress)
    else:
        results, findings = kept
        reused.append("results")
        progress.reused("write", "inputs, configuration and program are unchanged")
    if edition.config.report == "none":
        progress.left_out("publish", "the edition says report: none")
        return Run(results, findings, tuple(reused))
    for lang in langs:
        others: list[Lang] = [other for other in langs if other != lang]
        reused += publish_edition(
            edition, results, lang, progress, others=others, publisher=publisher, fresh=fresh
        )
    return Run(results, findings, tuple(reused))
