"""A regulator looks at an opening: old beside new, every fee with its verdict, what to look at first, the decision."""

from django.contrib import messages
from django.http import Http404
from django.utils.translation import gettext as _

from core.events import history
from organizations.forms.review import REASON, DecisionForm
from organizations.models import Review
from organizations.selectors.review import claims_of
from organizations.views.review import ReviewPage
from recruitment import policies
from recruitment.selectors import job_order as selectors
from recruitment.selectors.changes import change_rows
from recruitment.services import review as services
from recruitment.services.job_order import title_of
from recruitment.services.version import changes_between
from recruitment.services.version import content_of as document_of
from recruitment.services.warning import describe
from recruitment.views.job_order_show import GROUPS, item_label, summary


class JobOrderReview(ReviewPage):
    """The regulator's page of one version. Approving twice, sending back and taking back work as for every review."""

    policy = policies.can_see_review
    template_name = "recruitment/desk/review.html"

    def _load(self) -> Review:
        review = super()._load()
        if review.subject_type != Review.Subject.JOB_ORDER:
            return review
        self.version = selectors.reviewed_version(review)
        if self.version is None:
            raise Http404
        return review

    def _approve(self, review, form, now):
        row = services.approve_job_order(review=review, checklist=form.checklist(), actor=self.actor, now=now)
        if row.state == Review.State.APPROVED:
            messages.success(self.request, _("Approved by two people. The opening is public now."))
        else:
            messages.success(self.request, _("Your approval is kept. A second person must approve it too."))
        return self._queue()

    def _return(self, review, form, now):
        services.return_job_order(review=review, items=form.reasons(), actor=self.actor, now=now)
        messages.success(self.request, _("Sent back with your reasons."))
        return self._queue()

    def _form(self, review, data=None):
        self.claims = claims_of(review)
        self.taken_back = review.state == Review.State.CANCELLED
        self.content = selectors.Content(self.version, [], [], []) if self.taken_back else selectors.content_of(self.version)
        kept = review.checklist.get(f"kept:{self.actor.user_id}", {})
        return DecisionForm(data, review=review, items=self._items(), permits=[], statuses=[], kept=kept)

    def _items(self) -> list[str]:
        """Everything that may be sent back by itself."""
        fields = [name for _group, names in GROUPS for name in names]
        fees = [f"fee:{number}" for number, _line in enumerate(self.content.fees, start=1)]
        pay = [f"pay:{number}" for number, _line in enumerate(self.content.pay, start=1)]
        texts = [f"text:{key}" for key in dict.fromkeys(text.key for text in self.content.texts)]
        return [*fields, *fees, *pay, *texts]

    def render(self, context, status=200):
        """The frame of every review, with the opening in the middle."""
        before = selectors.version_before(self.version)
        shown = summary(self.content)
        form = context["form"]
        reasons = {item: form[f"{REASON}{item}"] for item in self._items()}

        def back(pairs):
            """The reasons of one group, and whether its box stands open."""
            fields = [{"label": label, "field": reasons[item]} for label, item in pairs]
            return {"fields": fields, "open": any(entry["field"].value() or entry["field"].errors for entry in fields)}

        return super().render(
            {
                **context,
                "taken_back": self.taken_back,
                "version": self.version,
                "title": f"{self.version.job_order} · {title_of(self.version)}",
                "before": before,
                "changes": change_rows(changes_between(document_of(before), document_of(self.version)) if before else []),
                "summary": shown,
                "warnings": [describe(warning) for warning in context["review"].warnings],
                "groups": [
                    {
                        "title": title,
                        "facts": shown["facts"][group],
                        "back": back((f["label"], f["name"]) for f in shown["facts"][group]),
                    }
                    for group, title in self._titles()
                ],
                "fees": [
                    {**line, "number": n, "back": back([("", f"fee:{n}")])} for n, line in enumerate(shown["fees"], start=1)
                ],
                "pay_back": back((line["label"], f"pay:{n}") for n, line in enumerate(shown["pay"], start=1)),
                "text_back": back(
                    (str(t.get_key_display()), f"text:{t.key}") for t in {t.key: t for t in self.content.texts}.values()
                ),
                "sent_back": self._sent_back(context["review"]),
            },
            status,
        )

    def _titles(self) -> list[tuple[str, str]]:
        return [
            ("parties", _("Who and under which programme")),
            ("work", _("The work and the place")),
            ("pay", _("Wage and hours")),
            ("terms", _("Requirements and days")),
        ]

    def _sent_back(self, review) -> list[str]:
        """What one of this office sent back in this review, by name."""
        if review.state != Review.State.RETURNED:
            return []
        items = next((event.data.get("items", []) for event in history(review) if event.verb == "review.returned"), [])
        return [item_label(item, self.content) for item in items]
