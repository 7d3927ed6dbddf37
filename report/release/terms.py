"""What the papers of a release write: texts that stay texts, and what indicators are called."""

from report.results import Results

TOTAL = "total"
MARKUP = str.maketrans({sign: "\\" + sign for sign in "\\`*_{}[]<>#|~&"} | {"\n": " ", "\r": " "})


def plain(text: object) -> str:
    """Write a text so that it stays text in Markdown, on one line."""
    return str(text).translate(MARKUP)


def indicator_names(results: Results) -> dict[str, str]:
    """Return the name of every indicator and of the total in the language of the results."""
    own = {}
    if "indicators" in results:
        table = results["indicators"]
        own = dict(zip(table["indicator"], table[results.lang], strict=True))
    return {TOTAL: results.say("总分", "the total")} | own
