"""Words of a notice, in the reader's language: on the site, and as it may leave the house."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.template import Context
from django.template.loader import get_template
from django.utils import translation

from notifications.models import Category, Channel, Notice, Stop
from organizations.models import Review, Role

FOLDER = "notifications/messages"
NEUTRAL = "neutral"
DIGEST = "digest"


@dataclass(frozen=True)
class Words:
    """A message in one language: one line, and paragraphs."""

    subject: str
    text: str
    html: str = ""


def words(kind: str, data: Mapping, *, organization: str = "", language: str) -> Words:
    """What the person reads on the site. `organization`: the name of where they are told it, "" for a private person."""
    with translation.override(language):
        context = {**_spoken(data), "organization": organization}
        return Words(_line(f"{kind}/subject.txt", context), _text(f"{kind}/text.txt", context))


def is_neutral(category: str, discreet: bool) -> bool:
    """Whether nothing of it may leave the house but that there is something."""
    return discreet or category == Category.MESSAGES


def outgoing(
    kind: str,
    data: Mapping,
    *,
    category: str,
    discreet: bool,
    organization: str,
    language: str,
    channel: str,
    link: str,
    unsubscribe: str = "",
) -> Words:
    """What leaves the house over this channel.

    Discreet ones and messages say only that something is there. A private person (`organization` is "") never finds a topic in a
    subject line or on a locked screen; with e-mail they read the sentence inside. A summary only counts.
    """
    said = words(kind, data, organization=organization, language=language)
    neutral = words(NEUTRAL, {}, language=language)
    if is_neutral(category, discreet):
        said = neutral
    subject = neutral.subject
    if kind == DIGEST:
        subject = said.subject
    elif organization and said is not neutral:
        subject = f"{organization}: {said.subject}"
    if channel != Channel.EMAIL:
        return Words(subject, _short(channel, said if organization or kind == DIGEST else neutral, subject, link))
    frame = {
        "text": said.text,
        "title": said.subject,
        "subject": subject,
        "link": link,
        "unsubscribe": unsubscribe,
        "category": Category(category).label,
        "legal": category == Category.LEGAL,
        "site": settings.BASE_URL,
        "language": language,
    }
    with translation.override(language):
        return Words(subject, _text("_mail.txt", frame) + "\n", _html(frame))


def _short(channel: str, said: Words, subject: str, link: str) -> str:
    """A text message is its subject and its link; a device shows the title apart, so there the first paragraph follows."""
    if channel == Channel.SMS:
        return f"Terang: {subject} {link}".strip()
    return said.text.split("\n\n")[0]


def _line(name: str, context: dict) -> str:
    return " ".join(_render(name, context).split())


def _text(name: str, context: dict) -> str:
    """Paragraphs, without the blank lines and margins that a template leaves."""
    paragraphs = [
        "\n".join(line.strip() for line in part.strip().splitlines()) for part in _render(name, context).strip().split("\n\n")
    ]
    return "\n\n".join(part for part in paragraphs if part)


def _render(name: str, context: dict) -> str:
    template: Any = get_template(f"{FOLDER}/{name}")
    return template.template.render(Context(context, autoescape=False))


def _html(frame: dict) -> str:
    """Plain text to the rest of the house: a page that shows it must escape it."""
    return get_template(f"{FOLDER}/_mail.html").render(frame) + ""


def _spoken(data: Mapping) -> dict:
    """Codes as words of the active language; what is no code stays as it is."""
    said = dict(data)
    if "roles" in data:
        said["roles"] = ", ".join(str(Role(code).label) for code in data["roles"] if code in Role.values)
    if data.get("noun") in Review.Subject.values:
        said["noun_label"] = Review.Subject(data["noun"]).label
    if data.get("channel") in Channel.values:
        said["channel_label"] = Channel(data["channel"]).label
    if data.get("why") in Stop.Why.values:
        said["why_label"] = Stop.Why(data["why"]).label
    if data.get("category") in Category.values:
        said["category_label"] = Category(data["category"]).label
    if "groups" in data:
        said["groups"] = [{**group, "label": Category(group["category"]).label} for group in data["groups"]]
    for key in {"due_on", "ends_on"} & set(data):
        said[key] = date.fromisoformat(data[key])
    if "code" in data and len(data["code"]) == 8:
        said["code"] = f"{data['code'][:4]}-{data['code'][4:]}"
    return said


def notice_words(notice: Notice, *, language: str, organization: str = "") -> Words:
    """A stored notice on the site. A summary has no words of its own there."""
    return words(notice.kind, notice.data, organization=organization, language=language)
