"""The queue of a regulator, and one review: what is claimed, what the register says, the decision."""

import secrets
from datetime import date

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.files import serve
from core.policies import StepUpNeeded, require
from core.tenancy import read_only
from core.views import ListPage, Page, once
from organizations.forms.review import DecisionForm, ReviewFilterForm
from organizations.models import Review
from organizations.policies import review as policies
from organizations.selectors import review as selectors
from organizations.selectors.log import log_lines
from organizations.services import review as services
from organizations.services.evidence import open_evidence
from organizations.views import office
from organizations.views.claims import item_names, sections

TABS = (("", ""), ("late", "late"), ("today", "warn"), ("half_approved", ""), ("decided", ""))


class ReviewQueue(ListPage):
    """Sorted by the day an answer is due; the filter stays in the address."""

    selector = selectors.reviews_visible_to
    policy = policies.can_work_reviews
    template_name = "organizations/review_list.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        now = timezone.now()
        today = office.office_day(request, now)
        with read_only():
            form = ReviewFilterForm(request.GET, today=today)
            found = form.filter(self.selector(self.actor))
            rows, next_after = self.page(found)
            counts = selectors.queue_counts(self.actor, on=today)
            return self.render(
                {
                    **office.frame(request),
                    "form": form,
                    "rows": [self._line(row, today) for row in rows],
                    "total": found.count(),
                    "counts": counts,
                    "tabs": self._tabs(request, counts),
                    "next": office.without(request, after=next_after) if next_after else "",
                    "first": office.without(request, "after") if "after" in request.GET else "",
                    "clear": request.path,
                    "recused": selectors.recused_reviews(self.actor),
                }
            )

    def page(self, rows):
        """Keyset pages in the order of the queue: day due, then number."""
        key = _key(self.request.GET.get("after", ""))
        if key:
            rows = rows.after(*key)
        found = list(rows.in_order()[: self.page_size + 1])
        more, found = len(found) > self.page_size, found[: self.page_size]
        return found, f"{found[-1].due_on:%Y-%m-%d}.{found[-1].pk}" if more else None

    def _line(self, row, today) -> dict:
        return {"review": row, "days": (row.due_on - today).days, "url": self._address(row)}

    def _address(self, row) -> str:
        query = self.request.GET.urlencode()
        return review_url(self.actor.organization.slug, row) + (f"?{query}" if query else "")

    def _tabs(self, request, counts) -> list[dict]:
        state, when = request.GET.get("state", ""), request.GET.get("due", "")
        entries = [
            ({}, _("All open"), counts["open"], ""),
            ({"due": "late"}, _("Late"), counts["late"], "late"),
            ({"due": "today"}, _("Due today"), counts["today"], ""),
            ({"state": "half_approved"}, _("Waiting for the second person"), counts["half_approved"], ""),
            ({"state": "decided"}, _("Decided"), None, ""),
        ]
        return [
            {
                "url": office.without(request, "state", "due", "after", **given),
                "label": label,
                "count": count,
                "sign": sign,
                "current": (given.get("state", ""), given.get("due", "")) == (state, when),
            }
            for given, label, count, sign in entries
        ]


class ReviewPage(Page):
    """One review. Approving, sending back and taking back are one form: nothing that was typed is lost between them."""

    selector = selectors.reviews_visible_to
    policy = policies.can_see_review
    template_name = "organizations/review_detail.html"

    def get(self, request, *args, **kwargs):
        with read_only():
            review = self._load()
            address = review_url(self.actor.organization.slug, review)
            if address != request.path:
                return HttpResponseRedirect(address)
            return self._show(review)

    def post(self, request, *args, **kwargs):
        review = self._load()
        form = self._form(review, request.POST)
        if not form.is_valid():
            return self._show(review, form)
        actions = {"approve": self._approve, "return": self._return, "take_back": self._take_back}
        action = actions.get(request.POST.get("action", ""))
        if action is None:
            raise Http404
        return once(request, lambda: self._try(action, review, form)) or self._show(review, form)

    def _load(self) -> Review:
        review = self.get_thing()
        require(self.policy(self.actor, review))
        return review

    def _try(self, action, review, form):
        """The next address, or None to show the form with what is wrong."""
        try:
            with transaction.atomic():
                return action(review, form, timezone.now())
        except StepUpNeeded:
            services.keep_checklist(review=review, checklist=form.checklist(), actor=self.actor)
            return f"{reverse('second_factor')}?next={self.request.path}"
        except ValidationError as error:
            form.add_error(None, error)
            return None

    def _approve(self, review, form, now):
        row = services.approve_review(review=review, checklist=form.checklist(), actor=self.actor, now=now)
        if row.state == Review.State.APPROVED:
            messages.success(self.request, _("Approved by two people. It is in force now."))
        else:
            messages.success(self.request, _("Your approval is kept. A second person must approve it too."))
        return self._queue()

    def _return(self, review, form, now):
        services.return_items(review=review, items=form.reasons(), actor=self.actor, now=now)
        messages.success(self.request, _("Sent back with your reasons."))
        return self._queue()

    def _take_back(self, review, form, now):
        services.take_back_approval(review=review, actor=self.actor, now=now)
        messages.success(self.request, _("Your approval is taken back."))
        return self.request.get_full_path()

    def _queue(self) -> str:
        query = self.request.GET.urlencode()
        return reverse("organizations:review_list", args=[self.actor.organization.slug]) + (f"?{query}" if query else "")

    def _form(self, review, data=None):
        self.claims = selectors.claims_of(review)
        kept = review.checklist.get(f"kept:{self.actor.user_id}") or review.checklist.get("first", {})
        if review.first_by_id and not review.checklist.get(f"kept:{self.actor.user_id}"):
            kept = {"permits": kept.get("permits", {})}  # the second person ticks the list anew
        return DecisionForm(
            data,
            review=review,
            items=item_names(review, self.claims),
            permits=[permit for permit in self.claims["permits"] if permit.pk in self.claims["decided"]],
            statuses=[(status.pk, status.name) for status in selectors.recordable_statuses()],
            kept=kept,
        )

    def _show(self, review, form=None):
        form = form or self._form(review)
        now = timezone.now()
        approve, send_back = policies.can_approve_review(self.actor, review), policies.can_return_review(self.actor, review)
        return self.render(
            {
                **office.frame(self.request),
                "review": review,
                "form": form,
                "once": secrets.token_urlsafe(24),
                "days": (review.due_on - office.office_day(self.request, now)).days,
                "claims": self.claims,
                "sections": sections(review, self.claims, form, self.actor.organization.slug),
                "checks": [form[name] for name in form.check_names],
                "warnings": [
                    {**w, "title": _(w["title"]) if w.get("title") else "", "text": _(w["text"]) if w.get("text") else ""}
                    for w in review.warnings
                ],
                "approve": approve,
                "send_back": send_back,
                "may_take_back": review.state == Review.State.HALF_APPROVED
                and bool(policies.can_take_back_approval(self.actor, review)),
                "fresh": self.actor.is_fresh(now),
                "log": log_lines(review),
                "back": self._queue(),
            }
        )


class ReviewFile(Page):
    """One file of the organization under review; that it was opened is in the log."""

    selector = selectors.reviews_visible_to
    policy = policies.can_see_review

    def get(self, request, *args, **kwargs):
        review = self.get_thing()
        require(self.policy(self.actor, review))
        evidence = selectors.evidence_of(review, kwargs["evidence"])
        if evidence is None:
            raise Http404
        return serve(open_evidence(evidence=evidence, actor=self.actor, now=timezone.now()))


def review_url(slug: str, review) -> str:
    """The page of a review: openings have one of their own."""
    if review.subject_type == Review.Subject.JOB_ORDER:
        try:
            return reverse("recruitment:review_detail", args=[slug, review.pk])
        except NoReverseMatch:
            pass
    return reverse("organizations:review_detail", args=[slug, review.pk])


def _key(after: str) -> tuple[date, int] | None:
    day, _dot, number = after.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        return None
