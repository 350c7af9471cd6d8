"""What people type and what is written, made comparable: one normaliser for names, openings and questions.

The choice and its figures are in docs/search.md: words and neighbouring pairs, two-character
pieces for scripts without spaces, recall 1.00 for Vietnamese with, without and with half of its marks, NFD, Japanese and
half-width kana. Built by the application, so that PostgreSQL needs no dictionary and both sides agree by construction.
"""

import re
import unicodedata

# Marks that carry no letter of their own in Latin scripts. Kana voice marks and Khmer, Burmese or Thai vowels stay.
_MARKS = re.compile("[\u0300-\u036f]")
_FOLD = str.maketrans({"đ": "d", "ð": "d", "ł": "l", "ø": "o", "ı": "i", "ʻ": "", "’": "", "'": "", "\u200b": "", "\u00ad": ""})

# Scripts written without spaces between words: Thai, Lao, Burmese, Khmer, kana, Han, Hangul is spaced and stays a word.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_RUNS = re.compile(f"[{_UNSPACED}]+|[^\\W_{_UNSPACED}]+")
_IS_UNSPACED = re.compile(f"[{_UNSPACED}]")

PAIR = "_"  # stands in no word, so a pair is never mistaken for one


def normalize(text: str) -> str:
    """The comparable form of a text: NFKC, case folded, Latin marks removed, đ → d, kana in full width, single spaces.

    "Chế biến THỦY sản" and its decomposed or unmarked spelling all give "che bien thuy san"; "ｶｲｺﾞ" gives "カイゴ".
    """
    folded = unicodedata.normalize("NFKC", text or "").casefold().translate(_FOLD)
    plain = _MARKS.sub("", unicodedata.normalize("NFD", folded))
    return " ".join(unicodedata.normalize("NFC", plain).split())


def words(text: str) -> list[str]:
    """The words of a text in order, normalised; a run of a script without spaces counts as one word."""
    return _RUNS.findall(normalize(text))


def lexemes(text: str) -> list[str]:
    """What a text is found by, without repetition: words, pairs of neighbouring words ("xay_dung"), two-character pieces.

    A run of one character of an unspaced script is kept as it is. Call it once for each field, so that the last word of
    one does not pair with the first of the next.
    """
    found: list[str] = []
    before = ""
    for word in words(text):
        if _IS_UNSPACED.match(word):
            found.extend(_pieces(word))
            before = ""
            continue
        found.append(word)
        if before:
            found.append(f"{before}{PAIR}{word}")
        before = word
    return list(dict.fromkeys(found))


def _pieces(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or [run]
