"""Words of four languages → codes. Published openings carry codes, so a question is translated before it is asked.

A word, a pair of neighbouring words or a two-character piece stands for every kind of work, prefecture and programme whose
names or synonyms contain it in any language. A new synonym therefore works at once, without touching an opening.
"""

import difflib
import time
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import pairwise

from organizations.services.words import PAIR, lexemes, normalize, words
from recruitment.models import Synonym
from recruitment.selectors import names

LANGUAGES = ("vi", "ind", "en", "ja")
KEEP_SECONDS = 300


@dataclass(frozen=True)
class Meaning:
    """The codes a lexeme stands for. `direct`: kinds of work that carry it themselves; `works`: also through their field."""

    direct: frozenset[str] = frozenset()
    works: frozenset[str] = frozenset()
    prefectures: frozenset[str] = frozenset()
    programmes: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.works or self.prefectures or self.programmes)

    def __or__(self, other: "Meaning") -> "Meaning":
        return Meaning(
            self.direct | other.direct,
            self.works | other.works,
            self.prefectures | other.prefectures,
            self.programmes | other.programmes,
        )


NOTHING = Meaning()


@dataclass
class Vocabulary:
    """`meanings` by lexeme, `ordered` for prefixes, `shown` as people write the word."""

    meanings: dict[str, Meaning]
    ordered: list[str]
    shown: dict[str, str] = field(default_factory=dict)

    def meaning(self, lexeme: str) -> Meaning:
        """What exactly this lexeme stands for."""
        return self.meanings.get(lexeme, NOTHING)

    def begins(self, prefix: str) -> Meaning:
        """What every lexeme with this beginning stands for, together."""
        found = NOTHING
        for lexeme in self.ordered[bisect_left(self.ordered, prefix) :]:
            if not lexeme.startswith(prefix):
                break
            found |= self.meanings[lexeme]
        return found

    def nearest(self, word: str) -> str | None:
        """The known word most like a mistyped one, as it is written; None when none is near."""
        near = difflib.get_close_matches(word, self.shown, n=1, cutoff=0.72)
        return self.shown[near[0]] if near else None


_kept: tuple[float, Vocabulary] | None = None


def vocabulary() -> Vocabulary:
    """All words of the reference rows, read once in a while."""
    global _kept
    if _kept is None or time.monotonic() - _kept[0] > KEEP_SECONDS:
        _kept = time.monotonic(), _build()
    return _kept[1]


def forget() -> None:
    """Read again at the next question (after reference data was loaded)."""
    global _kept
    _kept = None


def _names_of(row) -> list[str]:
    texts = [getattr(row, f"{column}_{language}", None) for column in ("name", "short_name") for language in LANGUAGES]
    return [text for text in texts if text]


class _Builder:
    def __init__(self) -> None:
        self.direct: dict[str, set[str]] = defaultdict(set)
        self.works: dict[str, set[str]] = defaultdict(set)
        self.prefectures: dict[str, set[str]] = defaultdict(set)
        self.programmes: dict[str, set[str]] = defaultdict(set)
        self.shown: dict[str, str] = {}

    def add(self, texts, codes, *targets) -> None:
        for text in texts:
            for lexeme in lexemes(text):
                for target in targets:
                    target[lexeme].update(codes)
            self._remember(text)

    def _remember(self, text: str) -> None:
        for written in text.replace("/", " ").replace(",", " ").split():
            plain = words(written)
            if len(plain) == 1 and plain[0] == normalize(written) and len(plain[0]) > 2:
                self.shown.setdefault(plain[0], written.lower())

    def vocabulary(self) -> Vocabulary:
        keys = sorted(set(self.works) | set(self.prefectures) | set(self.programmes))
        meanings = {
            key: Meaning(
                frozenset(self.direct.get(key, ())),
                frozenset(self.works.get(key, ())),
                frozenset(self.prefectures.get(key, ())),
                frozenset(self.programmes.get(key, ())),
            )
            for key in keys
        }
        return Vocabulary(meanings, keys, self.shown)


def _build() -> Vocabulary:
    """A field or programme stands in for the kind of work where an opening names none, so its code is a kind of work too."""
    known, builder = names.reference(), _Builder()
    works_of: dict[str, set[str]] = {code: {code} for code in known.fields}
    for occupation in known.occupations.values():
        works_of.setdefault(occupation.field_id, {occupation.field_id}).add(occupation.pk)
        builder.add(_names_of(occupation), {occupation.pk}, builder.direct, builder.works)
    for code, row in known.fields.items():
        builder.add(_names_of(row), {code}, builder.direct)
        builder.add(_names_of(row), works_of[code], builder.works)
    for synonym in Synonym.objects.all():
        if synonym.occupation_id:
            builder.add([synonym.word], {synonym.occupation_id}, builder.direct, builder.works)
        else:
            builder.add([synonym.word], {synonym.field_id}, builder.direct)
            builder.add([synonym.word], works_of[synonym.field_id], builder.works)
    for code, prefecture in known.prefectures.items():
        builder.add(_names_of(prefecture), {code}, builder.prefectures)
    for code, programme in known.programmes.items():
        builder.add(_names_of(programme), {code}, builder.programmes)
        builder.add(_names_of(programme), {code}, builder.direct, builder.works)
    return builder.vocabulary()


def pairs_of(parts: list[str]) -> list[str]:
    """The pairs of neighbouring words, as lexemes."""
    return [f"{first}{PAIR}{second}" for first, second in pairwise(parts)]
