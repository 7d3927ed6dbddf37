from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

from analysis.audit.index import CHECKS
from analysis.grades.schemes import PUBLISHED_2021
from analysis.grades.stability import EDITION, comparison_schemes
from hotline_index.corrections import EFFECTS, REASONS
from hotline_index.edition import open_edition
from hotline_index.steps import analyse
from indicators.weights.methods import PlainWeights
from report.release.codebook import KINDS, codebook, columns_used, describe, table_words
from report.results import read_results
from survey.findings import InputError

EDITIONS = Path(__file__).parents[3] / "editions"


def columns_of(results) -> set[tuple[str, str]]:
    return {(name, str(column)) for name, table in results.tables.items() for column in table}


def editions():
    return [read_results(path.parent) for path in EDITIONS.glob("*/results/edition.json")]


def test_every_table_and_column_is_described(records, published, chained, alerted):
    for results in (records, published, chained, alerted, *editions()):
        for table, column in sorted(columns_of(results)):
            words = describe(table, column)
            assert words.words.zh and words.words.en, (table, column)


def test_nothing_is_described_that_no_code_makes(published, chained, alerted):
    made = columns_of(chained) | columns_of(alerted) | columns_of(published)
    made |= columns_of(analyse(open_edition(EDITIONS / "2021"))[0])
    made |= {pair for results in editions() for pair in columns_of(results)}
    made |= {("units", "commended"), ("comparisons", "choice_en")}
    made |= {("corrections", each) for each in EFFECTS}
    made |= {("correction_reasons", each) for each in REASONS}
    assert sorted(set(columns_used()) - made) == []


def test_keys_and_references_name_columns_that_are_there():
    for name, table in codebook().items():
        assert set(table.key) <= set(table.columns), name
        for column in table.columns.values():
            if column.refers:
                target, key = column.refers
                assert codebook()[target].key == (key,), (name, column.name)


def test_names_of_tables_can_be_names_of_sheets():
    names = [table.words.zh for table in codebook().values()]
    assert len(set(names)) == len(names)
    for name in [*names, *codebook()]:
        assert len(name) <= 31 and not set(name) & set("[]:*?/\\'")


def test_coded_values_are_those_of_the_results(chained, alerted, records, published):
    for results in (chained, alerted, records, published, *editions()):
        for name, table in results.tables.items():
            for column in table.columns:
                words = describe(name, str(column))
                if not words.codes or words.open:
                    continue
                unknown = set(table[column].dropna().astype(str)) - {*words.codes}
                assert not unknown, (name, column)


def test_codes_are_those_of_the_code():
    assert set(describe("index_audit", "check").codes) == set(CHECKS)
    assert set(describe("schemes", "scheme").codes) == {
        EDITION,
        *comparison_schemes(PUBLISHED_2021),
    }
    assert set(get_args(PlainWeights)) <= set(describe("weights", "method").codes)


def test_kinds_suit_the_values(chained):
    for name, table in chained.tables.items():
        for column in map(str, table.columns):
            kind, values = describe(name, column).kind, table[column].dropna()
            if KINDS[kind].type == "string" or values.empty:
                continue
            assert pd.api.types.is_numeric_dtype(values) or pd.api.types.is_bool_dtype(values)
            if kind in ("count", "rank"):
                assert (values % 1 == 0).all() and (values >= (kind == "rank")).all()
            if kind == "p":
                assert values.between(0, 1 + 1e-9).all()


def test_a_table_that_is_unknown_is_one_clear_error():
    with pytest.raises(InputError, match="did you mean 'grades'"):
        table_words("grade")
    with pytest.raises(InputError, match="did you mean 'rank_low'"):
        describe("grades", "rank_lo")


def test_units_may_have_columns_of_their_own():
    own = describe("units", "founded")
    assert own.words.zh == "founded" and "登记册" in own.note.zh
    with pytest.raises(InputError):
        describe("grades", "founded")
