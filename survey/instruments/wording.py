"""Wording: conditions, ranges and answers of questions in sentences for readers."""

from survey.instruments.model import Instrument, Lang, Question, When


def condition(instrument: Instrument, when: When, lang: Lang) -> str:
    """Say when something is asked: “拨测结果”为“人工接通”; empty without a condition.

    Parameters
    ----------
    instrument
        Where the columns of `when` are asked.
    when
        Answers by column.
    lang
        Of the reader.
    """
    asked = {question.name: question for question in instrument.questions}
    parts = [_is(instrument, asked[column], values, lang) for column, values in when.items()]
    return ("，且" if lang == "zh" else " and ").join(parts)


def _is(instrument: Instrument, question: Question, values: tuple[str, ...], lang: Lang) -> str:
    answers = instrument.answers(question)
    named = [answers[value][lang] for value in values]
    if lang == "zh":
        return f"“{question.label.zh}”为{'或'.join(f'“{name}”' for name in named)}"
    return f'"{question.label.en}" is ' + " or ".join(f'"{name}"' for name in named)


def number_range(question: Question, lang: Lang) -> str:
    """Say which numbers are accepted; empty where any is."""
    low, high = question.minimum, question.maximum
    if low is None and high is None:
        return ""
    kind = question.kind == "integer"
    noun = {"zh": "整数" if kind else "数", "en": "a whole number" if kind else "a number"}[lang]
    if low is None:
        return f"不大于{high:g}的{noun}" if lang == "zh" else f"{noun} of at most {high:g}"
    if high is None:
        return f"不小于{low:g}的{noun}" if lang == "zh" else f"{noun} of at least {low:g}"
    return f"{low:g}到{high:g}的{noun}" if lang == "zh" else f"{noun} from {low:g} to {high:g}"


def answer_list(instrument: Instrument, question: Question, lang: Lang) -> str:
    """List the answers with their codes: ``yes 是；no 否``."""
    answers = instrument.answers(question).items()
    parts = [f"{value} {words[lang]}" for value, words in answers]
    return ("；" if lang == "zh" else "; ").join(parts)
