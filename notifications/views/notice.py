"""The person's own pages: inbox, log, choices."""

from django.contrib import messages
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from core.policies import require, signed_in
from core.tenancy import read_only
from core.views import ActionPage, ListPage, Page
from notifications.channels import open_channels
from notifications.forms.notice import ChoicesForm, InboxFilter, LogFilter, initial
from notifications.models import Category, Channel, Stop
from notifications.selectors import notice as selectors
from notifications.services import notice as services
from notifications.services.address import remove_device
from notifications.services.rendering import words
from notifications.services.stop import lift_stop
from notifications.views.messenger import connectable
from organizations.forms.registration import ConfirmForm
from organizations.selectors.membership import memberships_of

REASONS = {
    **dict(Stop.Why.choices),
    "refused": gettext_lazy("The receiving side did not take this message."),
    "tries": gettext_lazy("It was tried five times."),
    "account": gettext_lazy("The account was blocked."),
    "no_address": gettext_lazy("There was no address for this way."),
    "channel": gettext_lazy("This way is not set up here."),
    "error": gettext_lazy("It could not be handed over."),
}


class FilteredList(ListPage):
    """A list of the person's own rows with its filter, in keyset pages; the filter stays in the address."""

    policy = signed_in

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        with read_only():
            form = self.filter_form(request.GET)
            rows, after = self.page(self.filtered(self.selector(self.actor), form))
            lines = [self.line(row) for row in rows]
            return self.render(
                self.context(
                    form=form,
                    rows=lines,
                    next=_with(request, after=after) if after else "",
                    first=_with(request, after=None) if "after" in request.GET else "",
                    clear=request.path,
                )
            )

    def searched(self, rows, text: str):
        return selectors.with_words(rows, kinds=services.kinds_saying(text), text=text)


class Inbox(FilteredList):
    """Everything that was told, the newest first."""

    selector = selectors.notices_visible_to
    filter_form = InboxFilter
    template_name = "notifications/notice_list.html"

    def filtered(self, rows, form):
        if form.given("category"):
            rows = rows.filter(category=form.given("category"))
        if form.given("unread"):
            rows = rows.filter(read_at=None)
        return self.searched(rows, form.given("q")) if form.given("q") else rows

    def line(self, row) -> dict:
        name = row.organization.legal_name if row.organization else ""
        return {"notice": row, "words": words(row.kind, row.data, organization=name, language=get_language()), "place": name}

    def context(self, **context):
        desks = [membership.organization for membership in memberships_of(self.actor.user)]
        return super().context(unread_now=selectors.unread_count(self.actor), desks=desks, **context)


class OpenNotice(Page):
    """Opening it is reading it: on to the page it is about. A POST only marks it as read."""

    selector = selectors.notices_visible_to
    policy = signed_in

    def get(self, request, *args, **kwargs):
        notice = self._read()
        return HttpResponseRedirect(f"/{get_language()}/{notice.path}" if notice.path else reverse("notice_list"))

    def post(self, request, *args, **kwargs):
        self._read()
        return HttpResponseRedirect(reverse("notice_list"))

    def _read(self):
        require(self.policy(self.actor))
        return services.mark_read(notice=self.get_thing(), actor=self.actor, now=timezone.now())


class ReadAll(Page):
    policy = signed_in

    def get(self, request, *args, **kwargs):
        return HttpResponseNotAllowed(["POST"])

    def post(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        number = services.mark_all_read(actor=self.actor, now=timezone.now())
        said = ngettext("%(n)d notice marked as read.", "%(n)d notices marked as read.", number) % {"n": number}
        messages.success(request, said)
        return HttpResponseRedirect(reverse("notice_list"))


class Log(FilteredList):
    """What became of the messages that left for this person."""

    selector = selectors.deliveries_visible_to
    filter_form = LogFilter
    template_name = "notifications/notice_log.html"

    def filtered(self, rows, form):
        for name in ("channel", "state"):
            if form.given(name):
                rows = rows.filter(**{name: form.given(name)})
        if form.given("q"):
            found = self.searched(selectors.notices_visible_to(self.actor), form.given("q"))
            rows = rows.filter(notice__in=found.values("pk"))
        return rows

    def line(self, row) -> dict:
        notice = row.notice
        summary = notice.kind == selectors.SUMMARY
        said = "" if summary else words(notice.kind, notice.data, language=get_language()).subject
        return {"row": row, "subject": said, "summary": summary, "reason": reason_of(row), "at": row.done_at or notice.at}


def reason_of(row) -> str:
    """Why it was not sent, in words; "" when nothing went wrong."""
    return str(REASONS.get(row.reason.partition(":")[0], "")) if row.reason else ""


class Choices(ActionPage):
    """What comes how, when it may disturb, and which ways are open."""

    policy = signed_in
    template_name = "notifications/choices.html"
    success_message = gettext_lazy("Saved.")

    def get_form(self, thing, data=None, files=None):
        given = initial(selectors.choices_of(self.actor), selectors.clock_of(self.actor))
        return ChoicesForm(data, initial=given, channels=selectors.own_channels(self.actor, open_channels()))

    def act(self, thing, form):
        services.choose(choices=form.choices, clock=form.clock, actor=self.actor, now=timezone.now())
        messages.success(self.request, self.success_message)
        return self.request.path

    def context(self, **context):
        stops = [
            {
                "row": stop,
                "channel": Channel(stop.channel).label,
                "why": REASONS.get(stop.why, ""),
                "category": Category(stop.category).label if stop.category else "",
            }
            for stop in selectors.stops_visible_to(self.actor)
        ]
        return super().context(
            stops=stops,
            addresses=list(selectors.addresses_visible_to(self.actor)),
            has_push="push" in open_channels(),
            messengers=connectable(),
            **context,
        )


class LiftStop(Page):
    """Switch a way on again."""

    selector = selectors.stops_visible_to
    policy = signed_in

    def get(self, request, *args, **kwargs):
        raise Http404

    def post(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        lift_stop(stop=self.get_thing(), actor=self.actor, now=timezone.now())
        messages.success(request, _("Switched on again."))
        return HttpResponseRedirect(reverse("notice_choices"))


class RemoveAddress(ActionPage):
    """A device or an account of a messenger gets no more messages."""

    selector = selectors.addresses_visible_to
    policy = signed_in
    form_class = ConfirmForm
    service = remove_device
    thing_name = "device"
    template_name = "notifications/address_remove.html"
    success_message = gettext_lazy("No more messages go there.")

    def success_url(self, thing, result):
        return reverse("notice_choices")


def _with(request, **changes) -> str:
    """This address with other parameters; None takes one away."""
    query = request.GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path
