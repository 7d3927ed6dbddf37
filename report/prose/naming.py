"""What audiences, factors, groups and units are called inside a sentence."""

from report.labels import AUDIENCES, MEMBERS, factor_label, group_label
from report.names import unit_names
from report.prose.wording import cell, listed, lowered
from report.results import Results


def audience_name(results: Results, audience: str) -> str:
    """Return what an audience is called; one of another index keeps its own name."""
    label = AUDIENCES.get(audience)
    return lowered(label[results.lang]) if label else audience


def served(results: Results, audience: str) -> str:
    """Return the service of an audience: ``服务群众``, ``service to citizens``."""
    if audience == "all":
        return results.say("总体", "overall")
    name = audience_name(results, audience)
    return results.say(f"服务{name}", f"service to {name}")


def factor_name(results: Results, factor: str) -> str:
    """Return the name of a factor that groups units."""
    return lowered(factor_label(factor, results.lang))


def by_factors(results: Results, factors: list[str]) -> str:
    """List the factors by which units are compared: ``按区域、按行政层级``."""
    names = [factor_name(results, factor) for factor in factors]
    return results.say(
        "、".join(f"按{name}" for name in names), listed([f"by {name}" for name in names], "en")
    )


def group_name(results: Results, group: str) -> str:
    """Return the name of a group of units."""
    return group_label(group, results.lang)


def members_name(results: Results, group: str) -> str:
    """Return what the units of a group are called in a sentence: ``沿海城市``, ``coastal cities``.

    The text is Markdown; a group of another index keeps its own name.
    """
    label = MEMBERS.get(group)
    return cell(label[results.lang] if label else group_label(group, results.lang))


def unit_words(results: Results, units: list[str]) -> list[str]:
    """Return the names of units in Markdown, for a sentence."""
    return [cell(name) for name in unit_list(results, units)]


def unit_list(results: Results, units: list[str]) -> list[str]:
    """Return the names of units in the language of the results, for a table."""
    names = unit_names(results)
    return [names.get(unit, unit) for unit in units]


def audiences_of(results: Results) -> list[str]:
    """Return the audiences that have means, in the order in which they are shown."""
    there = list(dict.fromkeys(results["means"]["audience"]))
    return sorted((a for a in there if a != "all"), key=lambda a: _place(a, there))


def _place(audience: str, there: list[str]) -> tuple[int, int]:
    known = list(AUDIENCES)
    return (known.index(audience) if audience in known else len(known), there.index(audience))
