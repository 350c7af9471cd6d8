"""The developer's mailbox. Exists only where MAILBOX is on, and never in production."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from core.policies import public
from notifications.forms.mailbox import MailboxFilter
from notifications.selectors.mailbox import caught_messages
from notifications.services.mailbox import empty_mailbox


@login_not_required
@never_cache
def mailbox(request):
    """The last messages, newest first; POST empties it."""
    if not settings.MAILBOX:
        raise Http404
    if request.method == "POST":
        empty_mailbox()
        return redirect("mailbox")
    form = MailboxFilter(request.GET)
    found = caught_messages(form.cleaned_data["to"] if form.is_valid() else "")
    return render(request, "notifications/mailbox.html", {"form": form, "messages_caught": found})


mailbox.policy = public
