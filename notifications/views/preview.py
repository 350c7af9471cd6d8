"""What Terang tells, for the staff of any organization: every kind, in every language, as each channel shows it."""

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils.translation import get_language

from core.policies import require
from core.tenancy import read_only
from core.views import Page
from notifications import routing
from notifications.channels.sms.length import parts
from notifications.forms.notice import KindFilter
from notifications.models import Category, Channel, Notice
from notifications.policies.preview import can_preview
from notifications.services.notice import kinds_saying
from notifications.services.rendering import outgoing, words


class Kinds(Page):
    """The list of everything that is told, with its category and who hears of it first."""

    policy = can_preview
    template_name = "notifications/kind_list.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        with read_only():
            form = KindFilter(request.GET)
            samples = routing.samples()
            wanted = set(kinds_saying(form.given("q"))) if form.given("q") else set(samples)
            rows = [
                _line(kind, sample, request.organization.slug)
                for kind, sample in samples.items()
                if kind in wanted and form.given("category") in ("", sample["category"])
            ]
            return self.render({"form": form, "rows": sorted(rows, key=lambda row: row["subject"]), "clear": request.path})


def _line(kind: str, sample: dict, slug: str) -> dict:
    return {
        "subject": words(kind, sample["data"], language=get_language()).subject,
        "category": Category(sample["category"]).label,
        "urgency": Notice.Urgency(sample["urgency"]).label,
        "url": reverse("notice_kind", args=[slug, kind]),
    }


class Kind(Page):
    """One kind with sample data, told as a member of this organization."""

    policy = can_preview
    template_name = "notifications/kind.html"

    def get(self, request, *args, kind: str, **kwargs):
        require(self.policy(self.actor))
        sample = routing.samples().get(kind)
        if sample is None:
            raise Http404
        with read_only():
            languages = [self._in(kind, sample, code, name) for code, name in settings.LANGUAGES]
            subject = words(kind, sample["data"], language=get_language()).subject
            return self.render({"subject": subject, "languages": languages, "category": Category(sample["category"]).label})

    def _in(self, kind: str, sample: dict, code: str, name: str) -> dict:
        link = f"{settings.BASE_URL}/{code}/…/"
        given = {
            "category": sample["category"],
            "discreet": sample["discreet"],
            "organization": self.actor.organization.legal_name,
            "language": code,
            "link": link,
        }
        mail = outgoing(kind, sample["data"], channel=Channel.EMAIL, unsubscribe=link if _may_stop(sample) else "", **given)
        sms = outgoing(kind, sample["data"], channel=Channel.SMS, **given)
        push = outgoing(kind, sample["data"], channel=Channel.PUSH, **given)
        return {
            "code": code,
            "name": name,
            "inbox": words(kind, sample["data"], organization=given["organization"], language=code),
            "mail": mail,
            "sms": sms,
            "length": len(sms.text),
            "parts": parts(sms.text),
            "push": push,
        }


def _may_stop(sample: dict) -> bool:
    return sample["category"] != Category.LEGAL
