"""Find a job: the result page, and the page that keeps a list of openings in its address."""

import datetime
from dataclasses import replace
from decimal import Decimal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from recruitment.forms.search import Asked, cursor_for, read_search
from recruitment.models.published import COST_BANDS, PAY_BANDS
from recruitment.selectors import cards, facets, names, posting, search, suggestions
from recruitment.services import code as codes
from recruitment.views.public import open_to_all, published_page

MOST_KEPT = 20


@open_to_all
def posting_search(request):
    """Search with the parameters of docs/doors.md. Wrong ones are left out and named."""
    now = timezone.now()
    return published_page(request, "recruitment/public/search.html", lambda: _results(request, now), now=now)


def _results(request, now: datetime.datetime) -> dict:
    asked = read_search(request.GET, names.reference(), organizations=posting.organization_id_of)
    terms = search.terms_of(asked.search.q)
    page = search.find(asked.search, terms, now=now)
    found = facets.facets(asked.search, terms, now=now)
    today = now.date()
    here = reverse("recruitment:posting_search")
    context = {
        "here": here,
        "asked": asked,
        "q": asked.search.q,
        "cards": [cards.card(row, today=today) for row in page.rows],
        "total": found.total,
        "capped": found.capped,
        "used": _used(asked),
        "filters": _filters(asked, found),
        "next": f"{here}?{_query(asked, after=cursor_for(asked.search, page.last))}" if page.last else "",
        "remaining": found.total - len(page.rows) if page.last and not found.capped and not asked.search.after else None,
        "is_filtered": bool(set(asked.typed) - {"sort"}),
        "feed_query": _query(asked, sort=None, after=None),
    }
    if not page.rows and not asked.search.after:
        better = suggestions.corrected(asked.search.q, terms)
        nearest_terms = search.terms_of(f"{better} ") if better else terms
        context |= {
            "did_you_mean": _did_you_mean(asked, better, nearest_terms, now),
            "alternatives": _alternatives(asked, better, nearest_terms, now, here),
        }
    return context


def _query(asked: Asked, **changes) -> str:
    """The address of the same question with some parts changed; None takes a part out."""
    parts = {name: value for name, value in {**asked.typed, **changes}.items() if value not in (None, "")}
    return urlencode(parts)


def _used(asked: Asked) -> list[str]:
    """The filters in use, in words."""
    question = asked.search
    words = [
        names.name("fields", question.field),
        names.name("prefectures", question.prefecture),
        names.name("programmes", question.programme),
        _("from %(country)s") % {"country": names.name("countries", question.origin)} if question.origin else "",
        _cost_words(question.max_cost) if question.max_cost is not None else "",
        _("the worker pays nothing") if question.zero_fee else "",
    ]
    return [word for word in words if word]


def _cost_words(months: Decimal) -> str:
    if months == 0:
        return _("cost 0")
    return _("cost up to %(months)s months of pay") % {"months": f"{months.normalize():f}"}


def _filters(asked: Asked, found: facets.Facets) -> dict:
    question, known = asked.search, names.reference()

    def rows(kind: str, dimension: str, chosen: str) -> list[dict]:
        counts = found.counts.get(dimension, {})
        return [
            {"value": pk, "label": row.name, "count": found.shown(counts.get(pk, 0)), "checked": pk == chosen}
            for pk, row in getattr(known, kind).items()
            if counts.get(pk) or pk == chosen or found.capped
        ]

    pay = [{"value": yen, "count": found.shown(found.from_pay(yen)), "checked": question.min_pay == yen} for yen in PAY_BANDS]
    return {
        "count": len(facets.active(question)) + bool(question.origin) + (question.organization is not None),
        "cost": _cost_choices(question, found),
        "fields": rows("fields", "field", question.field),
        "prefectures": rows("prefectures", "prefecture", question.prefecture),
        "programmes": rows("programmes", "programme", question.programme),
        "pay": [row for row in pay if row["count"] or row["checked"] or found.capped],
        "other_pay": question.min_pay if question.min_pay is not None and question.min_pay not in PAY_BANDS else None,
        "zero": {"checked": question.zero_fee, "count": found.shown(found.zero_fee())},
        "more": "+" if found.capped else "",
        "sorts": _sorts(question),
    }


def _cost_choices(question, found: facets.Facets) -> list[dict]:
    choices: list[dict] = [{"value": "", "label": _("Any cost"), "count": None, "checked": question.max_cost is None}]
    for months in COST_BANDS:
        label = _("0, nothing to pay") if months == 0 else _("Up to %(n)s months of pay") % {"n": months}
        label = _("Up to 1 month of pay") if months == 1 else label
        choices.append(
            {
                "value": months,
                "label": label,
                "count": found.shown(found.up_to_cost(months)),
                "checked": question.max_cost == months,
            }
        )
    if question.max_cost is not None and question.max_cost not in COST_BANDS:
        shown = f"{question.max_cost.normalize():f}"
        choices.append(
            {"value": shown, "label": _("Up to %(n)s months of pay") % {"n": shown}, "count": found.total, "checked": True}
        )
    return choices


def _sorts(question) -> list[dict]:
    labels = [
        ("cost", _("Lowest cost first")),
        ("pay", _("Highest take-home pay first")),
        ("newest", _("Newest first")),
        ("relevance", _("Best match first")),
    ]
    return [
        {"value": value, "label": label, "checked": question.sort == value}
        for value, label in labels
        if value != "relevance" or question.q.strip()
    ]


def _did_you_mean(asked: Asked, better: str, terms, now: datetime.datetime) -> dict | None:
    """The same question with known words, if it finds anything."""
    if not better or not facets.count(replace(asked.search, q=better, after=None), terms, now=now):
        return None
    return {"q": better, "url": f"?{_query(asked, q=better, after=None)}"}


def _alternatives(asked: Asked, better: str, terms, now: datetime.datetime, here: str) -> list[dict]:
    """The nearest questions that find something: one condition left out at a time, at the end all of them."""
    found = []
    for name, without in suggestions.widened(asked.search):
        n = facets.count(without, [] if name in ("q", "all") else terms, now=now)
        if not n or (name == "all" and found):
            continue
        kept = {"q": better or asked.search.q, "after": None, **dict.fromkeys(_left_out(asked, name))}
        words = suggestions.widened_words(name, asked.search)
        query = _query(asked, **kept)
        found.append(
            {"url": f"{here}?{query}" if query else here, "words": words, "n": n, "q": "" if name in ("q", "all") else better}
        )
    return sorted(found, key=lambda other: -other["n"])[:4]


def _left_out(asked: Asked, name: str) -> list[str]:
    if name == "all":
        return list(asked.typed)
    if name == "filters":
        return [key for key in asked.typed if key not in ("q", "sort")]
    return [name]


@open_to_all
def posting_kept(request):
    """A page of up to twenty openings that a bookmark keeps; no account, no cookie. What is closed is named too."""
    now = timezone.now()
    return published_page(request, "recruitment/public/kept.html", lambda: _kept(request, now), now=now)


def codes_in(request, most: int) -> list[str]:
    """The codes of `?code=…&code=…`, each once, at most so many; what is no code is left out."""
    parsed = [codes.parse(value) for value in request.GET.getlist("code")[:60]]
    return list(dict.fromkeys(code for code in parsed if code))[:most]


def _kept(request, now: datetime.datetime) -> dict:
    wanted = codes_in(request, MOST_KEPT)
    rows = search.by_codes(wanted, now=now)
    there = {row["code"] for row in rows}
    shown = [cards.card(row, today=now.date()) for row in rows]
    here = reverse("recruitment:posting_kept")
    for entry in shown:
        rest = [cards.shown_code(code) for code in wanted if cards.shown_code(code) != entry["code"]]
        entry["without_url"] = f"{here}?{urlencode([('code', code) for code in rest])}" if rest else here
    compare = [("code", cards.shown_code(row["code"])) for row in rows[:4]]
    return {
        "cards": shown,
        "gone": [{"code": cards.shown_code(code)} for code in wanted if code not in there],
        "compare_url": f"{reverse('recruitment:posting_compare')}?{urlencode(compare)}" if len(compare) > 1 else "",
    }
