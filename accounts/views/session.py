"""Where the person is signed in."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts.selectors import sessions_of
from accounts.services.session import end_other_sessions, end_session


def sessions(request):
    """The list; one of the others or all others can be ended."""
    if request.method == "POST":
        _end(request)
        return redirect("usersessions_list")
    listed = sessions_of(request.user)
    return render(request, "usersessions/usersession_list.html", {"sessions": listed, "others": len(listed) > 1})


def _end(request):
    wanted = request.POST.get("session", "")
    if wanted.isascii() and wanted.isdigit() and len(wanted) < 19:
        if end_session(request.user, int(wanted)):
            messages.success(request, _("That session is ended."))
    elif "others" in request.POST:
        end_other_sessions(request.user, request.session.session_key)
        messages.success(request, _("All other sessions are ended."))
