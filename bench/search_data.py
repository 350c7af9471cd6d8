"""A million openings from a fixed seed, for PostgreSQL by COPY and for tantivy: the same documents."""

import datetime
import random
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection, connections

from organizations.services.words import lexemes
from recruitment.models import Synonym
from recruitment.selectors import names
from recruitment.selectors.vocabulary import _names_of
from recruitment.services import search_index

SEED = 20261123
ORGANIZATIONS = 1500
EMPLOYERS = 20_000
NOW = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
FAMILY = "山川田中松竹梅高小大石井上下西東北南青木森林原野村本橋口藤島崎谷沢水海空風花星月光明和幸福安永吉"
TRADE = ["食品", "工業", "建設", "介護サービス", "水産", "農園", "製作所", "運輸", "ホテル", "クリーニング"]
CITIES = [
    "Sakai",
    "Yaizu",
    "Gifu",
    "Toyota",
    "Kawasaki",
    "Choshi",
    "Saga",
    "Nemuro",
    "Hamamatsu",
    "Ota",
    "Kure",
    "Beppu",
    "Iga",
    "Tsu",
]
SYLLABLES = [
    "hai",
    "au",
    "xanh",
    "song",
    "lam",
    "sen",
    "viet",
    "hoa",
    "mai",
    "nha",
    "dong",
    "nam",
    "bac",
    "tay",
    "thang",
    "long",
    "minh",
    "duc",
    "phuc",
    "loc",
    "tho",
    "an",
    "binh",
]
COLUMNS = (
    "job_order_id", "code", "permit_id", "organization_id", "origin", "programme", "field", "occupation", "prefecture", "city",
    "months", "cost_jpy", "cost_home", "home_currency", "at_least", "take_home_jpy", "take_home_home", "zero_fee", "places_left",
    "published_at", "fee_raised_on", "fee_raised_home", "is_demo", "cost_band", "pay_band", "cost_order", "pay_order", "new_order",
    "search",
)  # fmt: skip


@dataclass(frozen=True)
class Opening:
    """One generated opening."""

    id: int
    organization: int
    programme: str
    field: str
    occupation: str
    prefecture: str
    city: str
    employer: str
    cost: int
    pay: int

    @property
    def months(self) -> float:
        return int(self.cost * 100 / self.pay) / 100


@dataclass
class World:
    """What openings are made of, and the words each piece is found by."""

    employers: list[str]
    organizations: list[str]
    works: dict[str, frozenset[str]]
    places: dict[str, frozenset[str]]
    pieces: dict[str, frozenset[str]]

    def bag(self, opening: Opening) -> set[str]:
        """Every lexeme of the opening in four languages."""
        return {
            *self.works[opening.occupation], *self.places[opening.prefecture], *self.pieces[opening.city],
            *self.pieces[opening.employer], *self.pieces[self.organizations[opening.organization]],
        }  # fmt: skip

    def free(self, opening: Opening) -> set[str]:
        """The lexemes of city, employer and organization."""
        return {
            *self.pieces[opening.city],
            *self.pieces[opening.employer],
            *self.pieces[self.organizations[opening.organization]],
        }


def world() -> World:
    """Employers, organizations and vocabulary, from the seed and the reference rows."""
    chance, known = random.Random(SEED), names.reference()
    employers = sorted({"".join(chance.sample(FAMILY, 3)) + chance.choice(TRADE) for _ in range(EMPLOYERS * 2)})[:EMPLOYERS]
    organizations = [" ".join(chance.sample(SYLLABLES, 3)) + f" {number}" for number in range(ORGANIZATIONS)]
    words: dict[str, list[str]] = {code: _names_of(row) for code, row in known.fields.items()}
    own: dict[str, list[str]] = {code: _names_of(row) for code, row in known.occupations.items()}
    for synonym in Synonym.objects.all():
        (own[synonym.occupation_id] if synonym.occupation_id else words[synonym.field_id]).append(synonym.word)
    works = {code: _bag(own[code] + words[row.field_id]) for code, row in known.occupations.items()}
    places = {code: _bag(_names_of(row)) for code, row in known.prefectures.items()}
    pieces = {text: _bag([text]) for text in [*employers, *organizations, *CITIES]}
    return World(employers, organizations, works, places, pieces)


def _bag(texts: list[str]) -> frozenset[str]:
    return frozenset(lexeme for text in texts for lexeme in lexemes(text))


def openings(world: World, count: int) -> Iterator[Opening]:
    """The first `count` openings of the one endless list."""
    chance, known = random.Random(SEED + 1), names.reference()
    occupations = list(known.occupations.values())
    weights = [1 / (1 + index % 23) for index in range(len(occupations))]
    prefectures, programmes = list(known.prefectures), ["SSW1", "SSW1", "ESD", "TITP1", "TITP2"]
    chosen = chance.choices(occupations, weights, k=count)
    for number in range(count):
        work = chosen[number]
        yield Opening(
            id=number + 1,
            organization=chance.randrange(ORGANIZATIONS),
            programme=chance.choice(programmes),
            field=work.field_id,
            occupation=work.pk,
            prefecture=chance.choice(prefectures),
            city=chance.choice(CITIES),
            employer=world.employers[int(chance.random() ** 2 * EMPLOYERS)],
            cost=0 if chance.random() < 0.05 else int(chance.lognormvariate(12.6, 0.6)),
            pay=chance.randrange(105_000, 215_000),
        )


def copy_into_postgres(world: World, count: int) -> None:
    """Fill the search tables as the publishing job would have left them. The connection must belong to the owner."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("truncate recruitment_publishedopening, recruitment_publishedword, recruitment_publishedfacet")
        cursor.execute("truncate organizations_publishedorganization cascade")
        cursor.execute(
            "insert into organizations_publishedorganization (organization_id, slug, organization_kind_id, country, legal_name, latin_name, "
            "name_norm, registration_number, address, website, verified_on, verified_by, contacts, representatives, status, openings, "
            "is_demo, updated_at) select g, 'org-' || g, 'sending_organization', 'VN', 'Org ' || g, '', 'org ' || g, '', '', '', "
            "current_date, '', '[]', '[]', 'valid', 0, true, now() from generate_series(0, %s) g",
            [ORGANIZATIONS - 1],
        )
        cursor.execute(
            "insert into organizations_publishedpermit (permit_id, organization_id, permit_kind_id, number, number_key, markets, "
            "suspended_markets, status_id, checked_by, history, open_from, open_until) select g, g, 'VN-SERVICE', g::text, g::text, '{}', "
            "'{}', 'valid', '', '[]', now() - interval '1 day', case when g %% 50 = 0 then now() else '9999-01-01' end "
            "from generate_series(0, %s) g",
            [ORGANIZATIONS - 1],
        )
        _copy_rows(cursor, world, count)
        words = {lexeme for pieces in world.pieces.values() for lexeme in pieces}
        with cursor.copy("copy recruitment_publishedword (lexeme, shown) from stdin") as copy:
            for word in sorted(words):
                copy.write_row((word, word))
        for table in ("recruitment_publishedopening", "recruitment_publishedword", "organizations_publishedpermit"):
            cursor.execute(f"vacuum analyze {table}")


def _copy_rows(cursor, world: World, count: int) -> None:
    """COPY first, indexes after: as `make demo SCALE=` does it."""
    cursor.execute(
        "select indexname, indexdef from pg_indexes where tablename = 'recruitment_publishedopening' and indexname not like '%pkey'"
    )
    indexes = [row for row in cursor.fetchall() if " UNIQUE " not in row[1]]
    for name, _definition in indexes:
        cursor.execute(f'drop index "{name}"')
    cursor.execute("create temp table if not exists incoming (like recruitment_publishedopening including defaults)")
    cursor.execute("alter table incoming drop column search; alter table incoming add column search text[]")
    with cursor.copy(f"copy incoming ({', '.join(COLUMNS)}) from stdin") as copy:
        for opening in openings(world, count):
            copy.write_row(_row(world, opening))
    chosen = ", ".join(column if column != "search" else "array_to_tsvector(search)" for column in COLUMNS)
    cursor.execute(f"insert into recruitment_publishedopening ({', '.join(COLUMNS)}) select {chosen} from incoming")
    cursor.execute("drop table incoming")
    for _name, definition in indexes:
        cursor.execute(definition)


def _row(world: World, opening: Opening) -> tuple:
    published = NOW - datetime.timedelta(minutes=opening.id % 500_000)
    found = search_index.row_lexemes(
        dict.fromkeys(world.free(opening), ""), occupation=opening.occupation, prefecture=opening.prefecture
    )
    orders = search_index.orders(opening.cost, opening.pay, published)
    return (
        opening.id, f"{opening.id:08d}", opening.organization, opening.organization, "VN", opening.programme, opening.field,
        opening.occupation, opening.prefecture, opening.city, opening.months, opening.cost, opening.cost * 170, "VND", False,
        opening.pay, opening.pay * 170, opening.cost == 0, 10, published, None, None, True,
        search_index.cost_band(opening.months), search_index.pay_band(opening.pay), orders["cost_order"], orders["pay_order"],
        orders["new_order"], found,
    )  # fmt: skip


def backend_cpu() -> int:
    """Nanoseconds of processor time that our PostgreSQL backend has used so far (Linux)."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with open(f"/proc/{pid}/schedstat") as file:
        return int(file.read().split()[0])
