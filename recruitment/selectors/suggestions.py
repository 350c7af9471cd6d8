"""What to offer when nothing was found: the word that was meant, and the same question with one condition less."""

from dataclasses import replace
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from organizations.services.words import normalize
from recruitment.selectors import names
from recruitment.selectors.search import Search, Term
from recruitment.selectors.vocabulary import vocabulary

CLEAR: dict[str, Any] = {
    "field": "",
    "prefecture": "",
    "programme": "",
    "origin": "",
    "organization": None,
    "max_cost": None,
    "min_pay": None,
    "zero_fee": False,
    "q": "",
}


def corrected(q: str, terms: list[Term]) -> str:
    """The question with each unknown word replaced by the nearest known one; "" when nothing can be improved."""
    dead = {term.text for term in terms if term.is_dead}
    if not dead:
        return ""
    parts, changed = [], False
    for written in q.split():
        plain = normalize(written)
        better = nearest(plain) if plain in dead else None
        changed = changed or (better is not None and normalize(better) != plain)
        parts.append(better or written)
    return " ".join(parts) if changed else ""


def nearest(word: str) -> str | None:
    """The known word most like this one: kinds of work, fields and places first, then words of published openings."""
    if len(word) < 3:
        return None
    known = vocabulary().nearest(word)
    if known:
        return known
    with connection.cursor() as cursor:
        cursor.execute(
            "select shown from recruitment_publishedword where lexeme %% %s order by similarity(lexeme, %s) desc, lexeme limit 1",
            [word, word],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def widened(search: Search) -> list[tuple[str, Search]]:
    """The question with one condition left out, for each condition in use; and with all filters left out."""
    used = [name for name, empty in CLEAR.items() if getattr(search, name) != empty]
    wider = [(name, replace(search, after=None, **{name: CLEAR[name]})) for name in used if len(used) > 1]
    filters = [name for name in used if name != "q"]
    if search.q and len(filters) > 1:
        wider.append(("filters", replace(search, after=None, **{name: CLEAR[name] for name in filters})))
    wider.append(("all", Search()))
    return wider


def widened_words(name: str, search: Search) -> str:
    """What is given up, in words."""
    return {
        "field": _("in every field of work"),
        "prefecture": _("in every prefecture, not only %(place)s") % {"place": names.name("prefectures", search.prefecture)},
        "programme": _("in every programme"),
        "origin": _("from every country"),
        "organization": _("of every organization"),
        "max_cost": _("at any cost"),
        "min_pay": _("with any pay"),
        "zero_fee": _("also with fees"),
        "filters": _("without any filter"),
        "q": _("without your words"),
        "all": _("in all"),
    }[name]
