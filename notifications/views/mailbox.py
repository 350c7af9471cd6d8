"""The developer's mailbox. Exists only where MAILBOX is on, and never in production."""

from csp.decorators import csp_exempt
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from core.policies import public
from notifications.forms.mailbox import MailboxFilter
from notifications.selectors.mailbox import caught_message, caught_messages
from notifications.services.mailbox import empty_mailbox

# The HTML of a message is somebody's mail: it is shown with its own styles, and can do nothing.
SEALED = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"


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
    question = form.question()
    after = request.GET.get("after", "")
    found, following = caught_messages(
        **question, after=int(after) if after.isascii() and after.isdigit() and len(after) < 19 else None
    )
    asked = {name: value for name, value in question.items() if value}
    context = {
        "form": form,
        "messages_caught": found,
        "asked": bool(asked),
        "next": f"?{urlencode({**asked, 'after': following})}" if following else "",
    }
    return render(request, "notifications/mailbox.html", context)


@login_not_required
@never_cache
@csp_exempt()
def mailbox_html(request, pk):
    """The HTML part of one message, as a page of its own that may load nothing and run nothing."""
    message = caught_message(pk) if settings.MAILBOX else None
    if message is None or not message.html:
        raise Http404
    return HttpResponse(message.html, headers={"Content-Security-Policy": SEALED})


mailbox.policy = mailbox_html.policy = public
