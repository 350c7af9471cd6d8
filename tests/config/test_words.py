"""Texts for translators are found in code and templates, and an incomplete catalogue is named."""

import pytest
from babel.messages.catalog import Catalog

from config.management import words


@pytest.mark.parametrize(
    ("template", "found"),
    [
        ('{% translate "Find a job" %}', [("Find a job", None)]),
        ("{% translate 'May' context 'month' %}", [("May", "month")]),
        ('{{ value|default:_("It is unknown") }}', [("It is unknown", None)]),
        ("{% blocktranslate trimmed %}\n  Hello\n  {{ name }}\n{% endblocktranslate %}", [("Hello %(name)s", None)]),
        (
            "{% blocktranslate count n=jobs trimmed %}one job{% plural %}{{ n }} jobs{% endblocktranslate %}",
            [(("one job", "%(n)s jobs"), None)],
        ),
        ('{% if a %}<p title="gettext">Not a text</p>{% endif %}', []),
    ],
)
def test_texts_of_a_template(template, found):
    assert list(words.texts_of_template(template, "test")) == found


def test_texts_of_code_and_templates_are_found_with_their_file_and_no_line():
    places = [place for message in words.collected() if message.id for place in message.locations]

    assert {line for _file, line in places} == {0}
    assert any(file.endswith(".py") for file, _line in places)
    assert any(file.startswith("templates/") for file, _line in places)


def catalogues(msgid, msgstr, **more):
    source, translated = Catalog(locale="en"), Catalog(locale="vi")
    source.add(msgid)
    translated.add(msgid, msgstr, **more)
    return list(words.faults(source, translated))


def test_a_complete_catalogue_has_no_fault():
    assert catalogues("Hello %(name)s", "Chào %(name)s") == []
    assert catalogues(("one job", "%(n)s jobs"), ("%(n)s việc",)) == []


@pytest.mark.parametrize(
    ("msgid", "msgstr", "more", "fault"),
    [
        ("Hello", "", {}, "not translated"),
        ("Hello", "Chào", {"flags": ["fuzzy"]}, "marked fuzzy"),
        ("Hello %(name)s", "Chào %(nam)s", {}, "placeholders or tags differ"),
        ("Read <b>this</b>", "Đọc <b>cái này", {}, "placeholders or tags differ"),
        ("Paid {amount}", "Đã trả", {}, "placeholders or tags differ"),
    ],
)
def test_a_fault_is_named(msgid, msgstr, more, fault):
    assert [found.split(":")[0] for found in catalogues(msgid, msgstr, **more)] == [fault]


def test_missing_and_stale_texts_are_named():
    source, translated = Catalog(locale="en"), Catalog(locale="vi")
    source.add("New")
    translated.add("Old", "Cũ")

    assert [fault.split(",")[0] for fault in words.faults(source, translated)] == ["missing", "no longer in the source"]


def test_a_written_catalogue_comes_back_and_has_no_date(tmp_path, monkeypatch):
    monkeypatch.setattr(words, "ROOT", tmp_path)
    catalogue = words.read("vi")
    catalogue.add("Hello", "Chào", locations=[("core/views.py", 0)])

    words.write("vi", catalogue)
    text = words.catalogue_path("vi").read_text(encoding="utf-8")
    words.write("vi", words.read("vi"))

    assert words.catalogue_path("vi").read_text(encoding="utf-8") == text
    assert "Date" not in text
    assert "#: core/views.py\n" in text
    assert "nplurals=1; plural=0;" in text
