"""The page that lists all profiles, or all provinces, with a search by name or pinyin."""

from collections.abc import Sequence
from dataclasses import dataclass

from report.names import SYLLABLE
from report.profiles.context import Context
from report.profiles.html import render
from report.profiles.notation import edition_title, group_name, institute, notice
from report.profiles.page import Link
from report.profiles.provinces import Province
from report.profiles.values import Profile
from report.results import Results


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the list; `key` holds what it is found by, between bars."""

    name: str
    href: str
    note: str
    key: str


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under a heading."""

    title: str
    entries: tuple[Entry, ...]


def city_listing(cities: Sequence[Profile], context: Context) -> str:
    """Return the page that lists all profiles, by province where there are provinces."""
    results = context.results
    keys = search_keys(results)
    grouped: dict[str, list[Entry]] = {}
    for city in cities:
        title = group_name(city.province, results.lang)
        name = city.official if results.lang == "zh" else city.name
        entry = Entry(name, f"{city.stem}.html", str(city.grade["grade"]), keys[city.unit])
        grouped.setdefault(title, []).append(entry)
    say = results.say
    links = [Link(say("全国报告", "National report"), "../index.html")]
    if context.provinces:
        links.append(Link(say("分省报告", "Provinces"), "../provinces/index.html"))
    links.append(Link(say("城市对标", "Benchmark"), "../benchmark/index.html"))
    return _listing(
        context,
        say("城市概况", "City profiles"),
        say(f"共{len(cities)}个城市", f"{len(cities)} cities"),
        tuple(
            Group(title, tuple(entries))
            for title, entries in sorted(grouped.items(), key=lambda group: group[1][0].href)
        ),
        tuple(links) if context.beside else (),
    )


def province_listing(held: Sequence[Province], context: Context) -> str:
    """Return the page that lists the reports of all provinces."""
    say = context.results.say
    entries = tuple(
        Entry(
            each.name,
            f"{each.stem}.html",
            say(f"{len(each.cities)}个城市", f"Cities: {len(each.cities)}"),
            f"{_plain(each.name)}|{each.key}|{each.stem.replace('-', '')}",
        )
        for each in sorted(held, key=lambda each: min(city.stem for city in each.cities))
    )
    links = (
        Link(say("全国报告", "National report"), "../index.html"),
        Link(say("城市概况", "City profiles"), "../profiles/index.html"),
    )
    return _listing(
        context,
        say("分省报告", "Province reports"),
        say(f"共{len(held)}份", f"{len(held)} reports"),
        (Group("", entries),) if entries else (),
        links if context.beside else (),
    )


def search_keys(results: Results) -> dict[str, str]:
    """Return what each unit is found by: names, pinyin without tones, and its initials."""
    table, found = results["units"], {}
    also = [table[column].fillna("") for column in ("name", "short") if column in table]
    sounds = table["pinyin_key"].fillna("") if "pinyin_key" in table else [""] * len(table)
    for unit, sound, *others in zip(table["unit"].astype(str), sounds, *also, strict=True):
        syllables = [match[1] for part in str(sound).split() if (match := SYLLABLE.match(part))]
        keys = [unit, *map(str, others), "".join(syllables), "".join(s[0] for s in syllables)]
        found[unit] = "|".join(dict.fromkeys(filter(None, map(_plain, keys))))
    return found


def _plain(text: str) -> str:
    return text.lower().replace("|", "").replace("'", "").replace(" ", "")


def _listing(
    context: Context, title: str, subtitle: str, groups: tuple[Group, ...], links: tuple[Link, ...]
) -> str:
    results = context.results
    say = results.say
    warning, mark = notice(results)
    words = {
        "contents": say("跳到正文", "Skip to the content"),
        "links": say("相关页面", "Related pages"),
        "find": say("查找", "Find"),
        "hint": say("汉字、拼音或首字母", "Name, pinyin or initials"),
        "found": say("找到{n}个", "{n} found"),
        "none": say("没有找到", "Nothing found"),
        "nothing": say("本年度没有可以列出的内容。", "This edition has nothing to list here."),
    }
    return render(
        "index.html", lang=results.lang, title=title, subtitle=subtitle, notice=warning, mark=mark,
        edition=edition_title(results), institute=institute(results), groups=groups, links=links,
        words=words,
    )  # fmt: skip
