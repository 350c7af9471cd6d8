# ruff: noqa: S608  (statements are put together from constants of this product; every value is a parameter)
"""The search of published openings: what is asked, how it is planned, one page of rows.

One function decides the plan. Words are resolved to codes first (vocabulary.py); what remains is a question about codes, which
plain B-trees answer in order. Only words of cities, employers and organizations need the inverted index.
Paging is by key: the order column and the id of the last row seen.
"""

import datetime
import time
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db import connection

from organizations.services.words import PAIR, lexemes, words
from recruitment.selectors.vocabulary import Meaning, Vocabulary, pairs_of, vocabulary

PAGE_SIZE = 20
MOST_TERMS = 10
COUNTED = 10_000
MOST_BRANCHES = 24
KEEP_SECONDS = 600
MOST_LOOKED_UP = 3
COMMON_SHARE = 0.004
SORTS = ("relevance", "newest", "cost", "pay")
ORDERS = {"cost": "cost_order", "pay": "pay_order", "newest": "new_order", "relevance": "cost_order"}

COLUMNS = (
    "job_order_id", "code", "permit_id", "organization_id", "origin", "programme", "field", "occupation", "prefecture", "city",
    "months", "cost_jpy", "cost_home", "home_currency", "at_least", "take_home_jpy", "take_home_home", "zero_fee",
    "places_left", "published_at", "fee_raised_on", "fee_raised_home", "is_demo",
)  # fmt: skip

# An opening is visible while its permit is open; a route that needs none has no permit.
# The few permits that are closed now are read once for a statement; asking for each row's permit costs several times more.
VISIBLE = (
    "(o.permit_id is null or o.permit_id <> all (array(select p.permit_id from organizations_publishedpermit p "
    "where p.open_from > %s or p.open_until <= %s)))"
)


@dataclass(frozen=True)
class Search:
    """A question. `max_cost` in months of take-home pay, `min_pay` in yen a month; `after` = (tier, order value, id)."""

    q: str = ""
    field: str = ""
    prefecture: str = ""
    programme: str = ""
    origin: str = ""
    organization: int | None = None
    max_cost: Decimal | None = None
    min_pay: int | None = None
    zero_fee: bool = False
    sort: str = "cost"
    after: tuple[int, int, int] | None = None

    @property
    def order(self) -> str:
        return ORDERS[self.sort]


@dataclass(frozen=True)
class Term:
    """One part of what was typed: the codes it stands for, and the free lexeme (prefix when still being typed)."""

    text: str
    lexeme: str
    meaning: Meaning
    prefix: bool = False
    free: bool = False

    @property
    def is_dead(self) -> bool:
        """Nothing published and no reference row has this word."""
        return not self.meaning and not self.free


@dataclass(frozen=True)
class Plan:
    """Conditions as SQL with their values, kinds of work apart.

    `groups` go to the inverted index. `mixed` is one term that stands for codes and is a free word too: a page reads both
    readings in order and merges them, counting uses its group.
    """

    where: tuple[str, ...] = ()
    params: tuple = ()
    works: frozenset[str] | None = None
    direct: frozenset[str] | None = None
    groups: tuple[Term, ...] = ()
    mixed: Term | None = None
    impossible: bool = False

    def also(self, condition: str, *values) -> "Plan":
        return replace(self, where=(*self.where, condition), params=(*self.params, *values))

    def with_works(self, meaning: Meaning) -> "Plan":
        works = meaning.works if self.works is None else self.works & meaning.works
        direct = meaning.direct if self.direct is None else self.direct & meaning.direct
        return replace(self, works=works, direct=direct, impossible=self.impossible or not works)

    def with_prefectures(self, meaning: Meaning) -> "Plan":
        found = sorted(meaning.prefectures)
        return self.also("o.prefecture = %s", found[0]) if len(found) == 1 else self.also("o.prefecture = any(%s)", found)

    def with_groups(self, *groups: str) -> "Plan":
        return self.also("o.search @@ %s::tsquery", " & ".join(groups)) if groups else self

    @property
    def rare(self) -> list[Term]:
        """Free words of few openings: the inverted index finds those faster than any order would."""
        common = _common_words()
        return [term for term in self.groups if common and not term.meaning and not term.prefix and term.lexeme not in common]


@dataclass(frozen=True)
class Page:
    """Rows as dicts; `last` is the key after which the next page begins, None at the end."""

    rows: list[dict] = field(default_factory=list)
    last: tuple[int, int, int] | None = None


def terms_of(q: str) -> list[Term]:
    """What was typed, as at most ten terms. Pairs that the vocabulary knows count as one; the last word may be unfinished."""
    known = vocabulary()
    found = _terms(words(q)[:MOST_TERMS], known, unfinished=not q.endswith(" "))[:MOST_TERMS]
    pairs = [_pair(first, second) for first, second in pairwise(found)]
    free = _free_words([*found, *(pair for pair in pairs if pair)])
    return _joined([replace(term, free=term.lexeme in free) for term in found], pairs, free)


def _terms(parts: list[str], known: Vocabulary, *, unfinished: bool) -> list[Term]:
    covered: set[int] = set()
    found: list[Term] = []
    for index, pair in enumerate(pairs_of(parts)):
        last = unfinished and index == len(parts) - 2
        meaning = known.meaning(pair) or (known.begins(pair) if last and len(parts[-1]) > 1 else Meaning())
        if meaning:
            covered.update((index, index + 1))
            found.append(Term(pair.replace("_", " "), pair, meaning))
    for index, word in enumerate(parts):
        if index not in covered:
            found.extend(_single(word, known, unfinished=unfinished and index == len(parts) - 1))
    return found


def _single(word: str, known: Vocabulary, *, unfinished: bool) -> list[Term]:
    pieces = lexemes(word)
    if len(pieces) > 1 or pieces != [word]:
        return [Term(piece, piece, known.meaning(piece)) for piece in pieces]
    exact = known.meaning(word)
    if exact or not (unfinished or _is_short(word)):
        return [Term(word, word, exact)]
    return [Term(word, word, known.begins(word), prefix=True)]


def _is_short(word: str) -> bool:
    """A single character of a script without spaces begins two-character pieces."""
    return len(word) == 1 and not word.isascii()


def _pair(first: Term, second: Term) -> Term | None:
    """Two neighbouring words as one name ("hai au"), where one of them means nothing by itself."""
    if (
        PAIR in first.lexeme
        or PAIR in second.lexeme
        or not (first.lexeme + second.lexeme).isascii()
        or (first.meaning and second.meaning)
    ):
        return None
    return Term(f"{first.text} {second.text}", f"{first.lexeme}{PAIR}{second.lexeme}", Meaning(), second.prefix, free=True)


def _joined(found: list[Term], pairs: list[Term | None], free: set[str]) -> list[Term]:
    """Neighbours that published names hold together become one term."""
    joined: list[Term] = []
    for index, term in enumerate(found):
        before = pairs[index - 1] if index else None
        after = pairs[index] if index < len(pairs) else None
        named = [pair for pair in (before, after) if pair and pair.lexeme in free]
        joined += [pair for pair in named if pair not in joined] if named else [term]
    return joined


def _free_words(found: list[Term]) -> set[str]:
    """Which lexemes the cities, employers or organizations of published openings contain: one question for all."""
    if not found:
        return set()
    sql = "select lexeme from recruitment_publishedword where lexeme = any(%s)"
    params: list = [[term.lexeme for term in found if not term.prefix]]
    for term in found:
        if term.prefix:
            sql += " union all select %s where exists (select from recruitment_publishedword where lexeme >= %s and lexeme < %s)"
            params += [term.lexeme, term.lexeme, term.lexeme + "\U0010ffff"]
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return {row[0] for row in cursor.fetchall()}


_common: tuple[float, frozenset[str]] | None = None


def _common_words() -> frozenset[str]:
    """Lexemes that PostgreSQL's own statistics call frequent; empty while the table is too small to have any."""
    global _common
    if _common is None or time.monotonic() - _common[0] > KEEP_SECONDS:
        with connection.cursor() as cursor:
            cursor.execute(
                "select most_common_elems::text::text[], most_common_elem_freqs from pg_stats "
                "where tablename = 'recruitment_publishedopening' and attname = 'search'"
            )
            words_, shares = cursor.fetchone() or ([], [])
        frequent = (word for word, share in zip(words_ or [], shares or [], strict=False) if share >= COMMON_SHARE)
        _common = time.monotonic(), frozenset(frequent)
    return _common[1]


def plan(search: Search, terms: list[Term], *, now: datetime.datetime, without: str = "") -> Plan:
    """The one place that decides how a question is answered. `without` leaves one filter out (for its own counts)."""
    where: list[str] = [VISIBLE]
    params: list[Any] = [now, now]
    for column in ("field", "prefecture", "programme", "origin"):
        value = getattr(search, column)
        if value and column != without:
            where.append(f"o.{column} = %s")
            params.append(value)
    if search.organization is not None:
        where.append("o.organization_id = %s")
        params.append(search.organization)
    if search.max_cost is not None and without != "cost":
        where.append("o.months <= %s")
        params.append(search.max_cost)
    if search.min_pay is not None and without != "pay":
        where.append("o.pay_order <= %s")
        params.append(-search.min_pay)
    if search.zero_fee and without != "zero":
        where.append("o.zero_fee")
    return _with_terms(Plan(tuple(where), tuple(params)), terms)


def _with_terms(plan: Plan, terms: list[Term]) -> Plan:
    for term in terms:
        if term.is_dead:
            return replace(plan, impossible=True)
        kinds = [bool(term.meaning.works), bool(term.meaning.prefectures), term.free]
        if kinds == [True, False, False]:
            plan = plan.with_works(term.meaning)
        elif kinds == [False, True, False]:
            plan = plan.with_prefectures(term.meaning)
        elif plan.mixed is None and kinds in ([True, False, True], [False, True, True]):
            plan = replace(plan, mixed=term)
        else:
            plan = replace(plan, groups=(*plan.groups, term))
    return plan


def _group(term: Term) -> str:
    """A term with several readings, as one group of the inverted index, where the codes stand too."""
    readings = [f"'o:{code}'" for code in sorted(term.meaning.works)]
    readings += [f"'p:{code}'" for code in sorted(term.meaning.prefectures)]
    if term.free:
        readings.append(_free(term))
    return f"({' | '.join(readings)})"


def _free(term: Term) -> str:
    return f"{_quoted(term.lexeme)}:*" if term.prefix else _quoted(term.lexeme)


def _quoted(lexeme: str) -> str:
    """Lexemes hold letters, digits and "_" only; quoted all the same."""
    return "'" + lexeme.replace("\\", "").replace("'", "''") + "'"


def find(search: Search, terms: list[Term], *, now: datetime.datetime, size: int = PAGE_SIZE) -> Page:
    """One page in the asked order. By relevance: work whose own name carries the words first, then through its field or place."""
    base = plan(search, terms, now=now)
    if base.impossible:
        return Page()
    if search.sort != "relevance" or not base.works or not base.direct or base.direct == base.works:
        return _tier(search, base, 0, size)
    later = replace(base, works=base.works - base.direct)
    if search.after and search.after[0] == 1:
        return _tier(search, later, 1, size)
    first = _tier(search, replace(base, works=base.direct), 0, size)
    if first.last or len(first.rows) == size:
        return first if first.last else replace(first, last=(1, -(2**62), 0))
    rest = _tier(replace(search, after=None), later, 1, size - len(first.rows))
    return Page(first.rows + rest.rows, rest.last)


def _tier(search: Search, base: Plan, tier: int, size: int) -> Page:
    sql, params = hits_sql(search, base, size + 1)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        rows = [dict(zip((*COLUMNS, "key"), row, strict=True)) for row in cursor.fetchall()]
    more, rows = len(rows) > size, rows[:size]
    return Page(rows, (tier, rows[-1]["key"], rows[-1]["job_order_id"]) if more else None)


def hits_sql(search: Search, plan: Plan, limit: int) -> tuple[str, list]:
    """The statement of one page. Each kind of work is read in order from its own index, and the heads are merged."""
    if search.after:
        plan = plan.also(f"(o.{search.order}, o.job_order_id) > (%s, %s)", *search.after[1:])
    rare = plan.rare[:MOST_LOOKED_UP]
    if rare:
        return _by_rare_words(search, plan, rare, limit)
    plan = plan.with_groups(*(_group(term) for term in plan.groups))
    if plan.mixed is None:
        return _ordered(search, plan, limit)
    reading = plan.with_works(plan.mixed.meaning) if plan.mixed.meaning.works else plan.with_prefectures(plan.mixed.meaning)
    first, first_params = _ordered(search, reading, limit)
    second, second_params = _ordered(search, plan.with_groups(_free(plan.mixed)), limit)
    both = f"select distinct on (key, job_order_id) * from (({first}) union all ({second})) readings"
    return f"{both} order by key, job_order_id limit {int(limit)}", [*first_params, *second_params]


def _by_rare_words(search: Search, plan: Plan, rare: list[Term], limit: int) -> tuple[str, list]:
    """Only the rare words go to the inverted index; written as a function the others are looked at in the rows it found."""
    others = [term for term in (*plan.groups, *([plan.mixed] if plan.mixed else [])) if term not in rare]
    found = replace(plan, groups=(), mixed=None).with_groups(*(_group(term) for term in rare))
    if others:
        found = found.also("ts_match_vq(o.search, %s::tsquery)", " & ".join(_group(term) for term in others))
    where, params = filter_sql(found)
    return _statement(search, where, params, limit)


def _ordered(search: Search, plan: Plan, limit: int) -> tuple[str, list]:
    if plan.works is None or len(plan.works) > MOST_BRANCHES:
        where, params = filter_sql(replace(plan, groups=(), mixed=None))
        return _statement(search, where, params, limit)
    one, params = _statement(search, " and ".join(["o.occupation = w.code", *plan.where]), list(plan.params), limit)
    sql = f"select heads.* from unnest(%s::text[]) w(code) cross join lateral ({one}) heads order by key, job_order_id limit {int(limit)}"
    return sql, [sorted(plan.works), *params]


def _statement(search: Search, where: str, params: list, limit: int) -> tuple[str, list]:
    columns = ", ".join(f"o.{column}" for column in COLUMNS) + f", o.{search.order} as key"
    tail = f"order by o.{search.order}, o.job_order_id limit {int(limit)}"
    return f"select {columns} from recruitment_publishedopening o where {where} {tail}", params


def filter_sql(plan: Plan) -> tuple[str, list]:
    """All conditions of a plan as one WHERE, for counting."""
    plan = plan.with_groups(*(_group(term) for term in (*plan.groups, *([plan.mixed] if plan.mixed else []))))
    where, params = list(plan.where), list(plan.params)
    if plan.works is not None:
        where.append("o.occupation = any(%s)")
        params.append(sorted(plan.works))
    return " and ".join(where), params


def by_codes(codes: list[str], *, now: datetime.datetime) -> list[dict]:
    """Visible openings by code, in the order asked."""
    columns = ", ".join(f"o.{column}" for column in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select {columns} from recruitment_publishedopening o where o.code = any(%s) and {VISIBLE}", [codes, now, now]
        )
        rows = {row[1]: dict(zip(COLUMNS, row, strict=True)) for row in cursor.fetchall()}
    return [rows[code] for code in codes if code in rows]
