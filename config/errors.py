"""Error pages: what is wrong and what to do next, in the reader's language, with a reference number. They ask the database nothing."""

from django.http import HttpResponse
from django.template.loader import render_to_string


def page(request, status: int, reason="", **context) -> HttpResponse:
    """Render templates/errors/<status>.html; `reason` is a sentence for the reader."""
    body = render_to_string(
        f"errors/{status}.html",
        {"reason": reason, "status": status, "incident": getattr(request, "request_id", ""), **context},
        request=request,
    )
    return HttpResponse(body, status=status)


def bad_request(request, exception=None):
    return page(request, 400)


def forbidden(request, exception=None):
    return page(request, 403, reason=getattr(exception, "reason", ""))


def not_found(request, exception=None):
    return page(request, 404)


def server_error(request):
    return page(request, 500)


def too_many(request, exception=None):
    response = page(request, 429)
    response["Retry-After"] = "300"
    return response


def csrf_failed(request, reason=""):
    return page(request, 403, form_expired=True)


for _view in (bad_request, forbidden, not_found, server_error, too_many, csrf_failed):
    _view.login_required = False
