"""The lists of commended organisations that a published report prints."""

from report.names import in_order
from report.prose.terms import cities, listed_units, section
from report.prose.wording import cell, count, paragraph
from report.results import Results


def printed(results: Results) -> str:
    """Tell the published lists, under their title."""
    title = results.say("原报告的名单", "Lists of the original report")
    return section(3, title, by_list(results) or by_grade(results))


def by_grade(results: Results) -> str:
    """List the units commended by the published report by their grade."""
    units = results["units"]
    if "commended" not in units:
        return ""
    merged = results["grades"].merge(units[units["commended"].astype(bool)], on="unit")
    if merged.empty:
        return ""
    text = paragraph(
        results.say(
            f"原报告表扬的单位所在的城市有{count(len(merged))}个，按等级列出如下；表扬的标准原报告没有公布。",
            f"The original report commends organisations of {cities(results, len(merged))}, listed by "
            "grade; by what rule it does not say.",
        )
    )
    for grade in results["composition"]["grade"]:
        members = in_order(results, merged.loc[merged["grade"] == grade, "unit"])
        if len(members):
            named = listed_units(results, members, len(members))
            text += results.say(f"- **{grade}**：{named}。\n", f"- **{grade}**: {named}.\n")
    return text + "\n"


LISTS = {
    "服务创新": "Service innovation",
    "服务群众": "Service to citizens",
    "服务企业": "Service to enterprises",
}


def by_list(results: Results) -> str:
    """List the units of each printed list, and count the bodies of no unit."""
    if "commended" not in results:
        return ""
    told = paragraph(
        results.say(
            "下列名单取自原报告附录，按原报告的顺序列出所在城市，括号内为单位数，同一城市只列一次；入选的标准原报告没有公布。",
            "These lists are those of the appendices of the original report, in its order, by city; "
            "the number of bodies is in brackets, and a city stands once in a list. By what rule they "
            "were made it does not say.",
        )
    )
    for name, members in results["commended"].groupby("list", sort=False):
        within = members["unit"].dropna().drop_duplicates()
        outside = int(members["unit"].isna().sum())
        title = results.say(str(name), LISTS.get(str(name), str(name)))
        named = listed_units(results, within, len(within))
        rest = results.say(
            f"；另有{count(outside)}个单位不属于参评城市",
            f"; and {count(outside)} bodies of no city assessed",
        )
        told += results.say(
            f"- **{cell(title)}**（{count(len(members))}个）：{named}{rest if outside else ''}。\n",
            f"- **{cell(title)}** ({count(len(members))}): {named}{rest if outside else ''}.\n",
        )
    return told + "\n"


def none_of_ours(results: Results) -> str:
    """Say that lists by rule need records, where there are none."""
    if "scores" in results:
        return ""
    return paragraph(
        results.say(
            "本年度评估没有各城市得分，不能按规则产生表扬名单，只照录原报告的名单。",
            "This edition has no scores of cities, so no lists can be made by rule; only those of the "
            "original report are told.",
        )
        if listed_there(results)
        else results.say(
            "本年度评估没有各城市得分，也没有公布的名单，本节从略。",
            "This edition has neither scores of cities nor published lists; this section is left out.",
        )
    )


def listed_there(results: Results) -> bool:
    """Tell whether the results hold a published list."""
    return "commended" in results or "commended" in results["units"]
