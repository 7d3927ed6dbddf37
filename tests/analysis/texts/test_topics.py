import pytest

from analysis.texts.documents import documents_of
from analysis.texts.segment import Segmenter
from analysis.texts.settings import TextSettings
from analysis.texts.topics import Topics, find_mentions, read_topics, topic_table
from survey.findings import InputError

TOPICS = Topics.model_validate(
    {
        "topics": {
            "reach": {"zh": "接通", "en": "reach", "words": ["接通", "占线", "ＡＰＰ"]},
            "happy": {"zh": "满意", "en": "happy", "words": ["满意"]},
            "unhappy": {"zh": "不满", "en": "unhappy", "words": ["不满意", "占线"]},
        }
    }
)


def mentions(make_records, texts, **columns):
    documents, _ = documents_of(make_records(texts, **columns), "responses", ["suggestion"])
    return find_mentions(documents, TOPICS, Segmenter.of(more=TOPICS.words))


def test_a_document_mentions_every_topic_that_it_has_words_of(make_records):
    found = mentions(make_records, ["总是占线", "电话接通后很满意", "app好用", "停车困难"])
    assert found.said.tolist() == [
        [True, False, True], [True, True, False], [True, False, False], [False] * 3,
    ]  # fmt: skip


def test_the_longest_word_is_taken(make_records):
    found = mentions(make_records, ["很不满意", "满意但也有不满意"])
    assert found.said[:, 1].tolist() == [False, True]
    assert found.said[:, 2].tolist() == [True, True]


def test_what_straddles_two_words_is_chance(make_records):
    found = mentions(make_records, ["直接通知我去窗口", "直接通知我后，电话才接通"])
    assert found.said[:, 0].tolist() == [False, True]


def test_table_counts_documents_words_and_the_rest(make_records):
    texts = ["占线占线"] * 6 + ["接通快"] * 3 + ["很满意"] * 4 + ["停车困难"] * 7
    table, findings = topic_table(mentions(make_records, texts))
    rows = table.set_index("topic")
    assert rows.loc["reach", "documents"] == 9
    assert rows.loc["reach", "share"] == pytest.approx(9 / 20)
    assert rows.loc["reach", "words"] == "占线 6"  # 接通 in three documents only
    assert rows.loc["reach", "examples"] == "r000; r001; r002"
    assert rows.loc["none", ["zh", "documents"]].tolist() == ["未归入主题", 7]
    assert rows["documents"].isna()["happy"]  # four documents
    assert (rows.loc["happy", "words"], rows.loc["happy", "examples"]) == ("", "")
    assert table["topic"].tolist() == ["reach", "happy", "unhappy", "none"]
    assert [(f.check, f.count) for f in findings] == [
        ("texts-without-topic", 7), ("blanked-topics", 1),
    ]  # fmt: skip


def test_groups_of_few_documents_are_left_out(make_records):
    audience = ["citizen"] * 6 + ["enterprise"] * 4
    table, findings = topic_table(
        mentions(make_records, ["占线"] * 10, audience=audience), ["audience"]
    )
    assert set(zip(table["by"], table["group"], strict=True)) == {("", ""), ("audience", "citizen")}
    own = table[table["group"] == "citizen"].set_index("topic")
    assert own.loc["reach", "share"] == 1
    assert own.loc["happy", "documents"] == 0
    assert [(f.check, f.count) for f in findings] == [("small-text-groups", 1)]


def test_no_documents(make_records):
    table, findings = topic_table(mentions(make_records, ["", "无"]))
    assert (table["documents"] == 0).all()
    assert findings == ()


def test_the_lexicon_of_hotlines_finds_what_it_is_for(make_records):
    topics = read_topics()
    texts = [
        "电话老是占线打不通", "话务员不耐烦", "工单被来回推诿踢皮球，还是没有解决", "希望加强回访",
        "小区停车难，物业不管", "老年人不会用智能客服", "惠企政策没有解读",
    ]  # fmt: skip
    documents, _ = documents_of(make_records(texts), "responses", ["suggestion"])
    found = find_mentions(documents, topics, Segmenter.of(more=topics.words))
    names = [
        {name for name, said in zip(topics.topics, row, strict=True) if said} for row in found.said
    ]
    assert names == [
        {"getting_through"}, {"attitude"}, {"buck_passing", "result"}, {"feedback"},
        {"housing", "transport"}, {"special_groups", "smart"}, {"policy_answers"},
    ]  # fmt: skip


def test_wrong_lexica_are_refused(tmp_path):
    path = tmp_path / "topics.yaml"
    path.write_text("topics:\n  a: {zh: 甲, en: a, word: [占线]}\n", encoding="utf-8")
    with pytest.raises(InputError, match="did you mean 'words'"):
        read_topics(path)
    path.write_text("topics:\n  a: {zh: 甲, en: a, words: [占]}\n", encoding="utf-8")
    with pytest.raises(InputError, match="two characters"):
        read_topics(path)
    path.write_text("topics:\n  none: {zh: 甲, en: a, words: [占线]}\n", encoding="utf-8")
    with pytest.raises(InputError, match="reserved none"):
        read_topics(path)


def test_settings_name_columns_of_tables():
    settings = TextSettings.model_validate({"columns": {"responses": ["suggestion"]}})
    assert settings.columns == {"responses": ("suggestion",)}
    for wrong in ({}, {"responses": []}, {"answers": ["suggestion"]}):
        with pytest.raises(ValueError, match="columns"):
            TextSettings.model_validate({"columns": wrong})
