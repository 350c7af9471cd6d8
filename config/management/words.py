"""The product's texts for translators: found in code and templates without the gettext tools, kept in `locale/`."""

import ast
import io
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po
from django.apps import apps
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(settings.BASE_DIR)
KEYWORDS = {**DEFAULT_KEYWORDS, "_": None} | {
    f"{name}{ending}": DEFAULT_KEYWORDS[name]
    for name in ("gettext", "ngettext", "pgettext", "npgettext")
    for ending in ("", "_lazy", "_noop")
}
_LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_CALL = re.compile(rf"\b(n?p?gettext|_)\(({_LITERAL}(?:,\s*{_LITERAL})*)(?:,\s*count)?\)")
_UNTRIMMED = re.compile(r"{%\s*blocktrans(?:late)?\b(?![^%]*\btrimmed\b)[^%]*%}")
# What a translation must carry over: %(name)s, %s, {name} and tags.
_PARTS = re.compile(r"%\(\w+\)[sd]|%[sd]|{\w*}|</?[a-z][^>]*>")


def languages() -> list[str]:
    """Codes of the interface's languages."""
    return [code for code, _name in settings.LANGUAGES]


def catalogue_path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def collected() -> Catalog:
    """A catalogue of every text in the source, without translations; files are named, lines are not."""
    catalogue = Catalog(project="Terang", charset="utf-8", fuzzy=False)
    for path in _sources("*.py"):
        place = str(path.relative_to(ROOT))
        for _line, texts, comments, context in extract_from_file("python", path, KEYWORDS, comment_tags=("Translators:",)):
            catalogue.add(texts, context=context, locations=[(place, 0)], auto_comments=comments)
    for path in _templates():
        place = str(path.relative_to(ROOT))
        for texts, context in texts_of_template(path.read_text(encoding="utf-8"), place):
            catalogue.add(texts, context=context, locations=[(place, 0)])
    return catalogue


def texts_of_template(source: str, origin: str) -> Iterator[tuple[str | tuple[str, str], str | None]]:
    """Each text of a template as (msgid or (singular, plural), context)."""
    for name, arguments in _CALL.findall(templatize(source, origin)):
        literals = list(ast.literal_eval(f"({arguments},)"))
        context = literals.pop(0) if "p" in name else None
        yield (tuple(literals[:2]) if name.startswith("n") else literals[0]), context


def untrimmed_blocks() -> Iterator[str]:
    """Places of `blocktranslate` without `trimmed`: their texts would change with the indentation."""
    for path in _templates():
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if _UNTRIMMED.search(line):
                yield f"{path.relative_to(ROOT)}:{number}"


def read(language: str) -> Catalog:
    """The catalogue of `language`, empty when there is none yet."""
    path = catalogue_path(language)
    if not path.exists():
        return Catalog(locale=language, project="Terang", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def write(language: str, catalogue: Catalog) -> None:
    """Sorted and without dates or lines, so that a change of text is the only change in the file."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, sort_output=True, include_lineno=False, ignore_obsolete=True, width=110)
    dated = re.compile(rb'^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Report-Msgid-Bugs-To|Generated-By):.*\n', re.M)
    path = catalogue_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(dated.sub(b"", buffer.getvalue()))


def faults(source: Catalog, translated: Catalog) -> Iterator[str]:
    """What keeps `translated` from being complete for `source`, one sentence each."""
    known = {_key(message): message for message in translated if message.id}
    for message in source:
        if not message.id:
            continue
        found = known.pop(_key(message), None)
        if found is None:
            yield f"missing, run `make messages`: {_first(message.id)!r}"
        else:
            yield from _faults_of(found)
    for message in known.values():
        yield f"no longer in the source, run `make messages`: {_first(message.id)!r}"


def _faults_of(message: Message) -> Iterator[str]:
    strings = [message.string] if isinstance(message.string, str) else list(message.string or [""])
    if not all(strings):
        yield f"not translated: {_first(message.id)!r}"
    elif message.fuzzy:
        yield f"marked fuzzy: {_first(message.id)!r}"
    else:
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        allowed = [_parts(text) for text in ids]
        for text in strings:
            if _parts(text) not in allowed:
                yield f"placeholders or tags differ: {_first(message.id)!r} → {text!r}"


def _parts(text: str) -> list[str]:
    return sorted(_PARTS.findall(text.replace("%%", "")))


def _key(message: Message) -> tuple[str, str | None]:
    return _first(message.id), message.context


def _first(text) -> str:
    return text if isinstance(text, str) else text[0]


def _sources(pattern: str) -> Iterator[Path]:
    """Files of our own apps."""
    for config in sorted(apps.get_app_configs(), key=lambda app: app.label):
        folder = Path(config.path)
        if folder.parent == ROOT:
            yield from sorted(folder.rglob(pattern))


def _templates() -> list[Path]:
    return sorted(path for path in (ROOT / "templates").rglob("*.*") if path.suffix in {".html", ".txt", ".svg", ".xml"})
