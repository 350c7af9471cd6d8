"""How many parts a short message is charged and carried as.

Source: 3GPP TS 23.038 (the default alphabet and its extension) and TS 23.040 (concatenated messages).
"""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")
MOST_PARTS = 4


def is_gsm7(text: str) -> bool:
    """Whether the text fits the 7-bit alphabet. Vietnamese letters with marks do not."""
    return all(c in _BASIC or c in _EXTENDED for c in text)


def units(text: str) -> int:
    """Septets of the 7-bit alphabet, or 16-bit units of UCS-2 (letters beyond the basic plane take two)."""
    if is_gsm7(text):
        return sum(2 if c in _EXTENDED else 1 for c in text)
    return len(text.encode("utf-16-be")) // 2


def parts(text: str) -> int:
    """The number of parts: 160 or 70 units alone, 153 or 67 in each of several."""
    alone, each = (160, 153) if is_gsm7(text) else (70, 67)
    length = units(text)
    return 1 if length <= alone else -(-length // each)


def fitted(text: str, link: str = "") -> str:
    """The text with its link behind, shortened at a word so that it is no longer than MOST_PARTS parts; the link stays whole."""
    tail = f"\n{link}" if link and link not in text else ""
    if parts(text + tail) <= MOST_PARTS:
        return text + tail
    words = text.split(" ")
    while len(words) > 1 and parts(" ".join(words) + "…" + tail) > MOST_PARTS:
        words.pop()
    short = " ".join(words)
    while short and parts(short + "…" + tail) > MOST_PARTS:
        short = short[:-1]
    return short + "…" + tail
