"""The one careful door for JSON: strict reading, one shape of refusal, signed cursors, policies as permissions.

Errors are RFC 9457 problem documents with a stable `code`; `detail` is in the reader's language.
"""

import hashlib
import json
import re
import unicodedata
from decimal import Decimal

from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from core.models import Submission
from core.policies import ANONYMOUS, Conflict, Refused

MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 32
MAX_DIGITS = 18
MAX_PAGE = 100
BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
CONTROL = re.compile("[\u0001-\u001f\u007f-\u009f]")
INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")


class Problem(exceptions.APIException):
    """A refusal with a status, a stable code and a sentence; `errors` name the fields by JSON pointer."""

    def __init__(self, status: int, code: str, detail, errors=(), headers=None):
        super().__init__(detail, code)
        self.status_code, self.code, self.errors, self.headers = status, code, list(errors), headers or {}


class ProblemRenderer(JSONRenderer):
    """Problem documents under their own media type."""

    media_type = "application/problem+json"


class StrictJSONParser(BaseParser):
    """JSON of one object, read without guessing. Raises Problem; never reads past the limits."""

    media_type = "application/json"

    def parse(self, stream, media_type=None, parser_context=None):
        request = parser_context["request"]
        charset = re.search(r"charset=([^\s;]+)", media_type or request.content_type or "")
        if charset and charset[1].strip("\"'").lower() not in ("utf-8", "utf8"):
            raise Problem(415, "charset", _("Send the data as UTF-8."))
        if request.headers.get("Content-Encoding", "identity").lower() != "identity":
            raise Problem(415, "content_encoding", _("Send the data without compression."))
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
            raise Problem(413, "too_large", _("The data is too large. The limit is 2 MB."))
        return read_object(stream.read(MAX_BYTES + 1))


def read_object(raw: bytes) -> dict:
    """The JSON object in these bytes. Raises Problem with codes encoding, too_deep, malformed_json, duplicate_key, …"""
    if len(raw) > MAX_BYTES:
        raise Problem(413, "too_large", _("The data is too large. The limit is 2 MB."))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise Problem(400, "encoding", _("The data is not valid UTF-8.")) from None
    if _depth(text) > MAX_DEPTH:
        raise Problem(400, "too_deep", _("The data is nested too deeply."))
    try:
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_integer, parse_float=_decimal)
    except (ValueError, RecursionError):
        raise Problem(400, "malformed_json", _("The data could not be read.")) from None
    if not isinstance(value, dict):
        raise Problem(400, "object_expected", _("One JSON object is expected."))
    _check_texts(value)
    return value


def _depth(text: str) -> int:
    """The deepest nesting of brackets outside strings, without parsing."""
    depth = deepest = 0
    for bracket in re.sub(r'"(?:[^"\\]|\\.)*"', "", text):
        if bracket in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif bracket in "]}":
            depth -= 1
    return deepest


def _unique(pairs):
    result = dict(pairs)
    if len(result) != len(pairs):
        raise Problem(400, "duplicate_key", _("A field is given twice."))
    return result


def _no_constant(name):
    raise Problem(400, "not_a_number", _("NaN and Infinity are not numbers here."))


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > MAX_DIGITS:
        raise Problem(400, "number_too_large", _("A number is too large."))
    return int(digits)


def _decimal(digits: str) -> Decimal:
    value = Decimal(digits)
    if abs(value.adjusted()) > MAX_DIGITS:
        raise Problem(400, "number_too_large", _("A number is too large."))
    return value


def _check_texts(value) -> None:
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            stack += [*item.keys(), *item.values()]
        elif isinstance(item, list):
            stack += item
        elif isinstance(item, str):
            if "\x00" in item:
                raise Problem(400, "null_char", _("The text holds a null character."))
            if any("\ud800" <= c <= "\udfff" for c in item):
                raise Problem(400, "invalid_unicode", _("The text holds half a character."))


def problem_response(request, status: int, code: str, detail, errors=(), headers=None) -> Response:
    """An RFC 9457 problem document with the number of the request."""
    body = {
        "type": f"urn:terang:problem:{code}",
        "title": str(detail),
        "status": status,
        "code": code,
        "detail": str(detail),
        "incident": getattr(request, "request_id", ""),
        "errors": [{**e, "detail": str(e["detail"])} for e in errors],
    }
    return Response(body, status=status, headers=headers, content_type="application/problem+json")


def exception_handler(error, context):
    """Every error of the API as a problem document; what is not known is left to Django's 500 with its number."""
    request = context["request"]
    if isinstance(error, Problem):
        return problem_response(request, error.status_code, error.code, error.detail, error.errors, error.headers)
    if isinstance(error, Conflict):
        return problem_response(request, 409, "conflict", error.reason)
    if isinstance(error, Refused):
        return problem_response(request, 403, "forbidden", error.reason)
    if isinstance(error, Http404):
        return problem_response(request, 404, "not_found", _("There is nothing here."))
    if isinstance(error, PermissionDenied):
        return problem_response(request, 403, "forbidden", _("You may not do this."))
    if isinstance(error, serializers.ValidationError):
        return problem_response(request, 400, "invalid", _("Some fields are not right."), _field_errors(error.get_full_details()))
    if isinstance(error, ValidationError):
        return problem_response(request, 400, "invalid", _("Some fields are not right."), list(domain_errors(error)))
    if isinstance(error, exceptions.APIException):
        headers = {}
        if getattr(error, "auth_header", None):
            headers["WWW-Authenticate"] = error.auth_header
        if getattr(error, "wait", None):
            headers["Retry-After"] = f"{int(error.wait)}"
        code = getattr(error.detail, "code", None) or error.default_code
        return problem_response(request, error.status_code, code, error.detail, headers=headers)
    return None


def _field_errors(details, pointer: str = "") -> list[dict]:
    if isinstance(details, dict) and set(details) == {"message", "code"}:
        return [{"pointer": pointer or "/", "code": details["code"], "detail": details["message"]}]
    entries = details.items() if isinstance(details, dict) else enumerate(details)
    found = []
    for key, value in entries:
        leaf = isinstance(value, dict) and set(value) == {"message", "code"}
        here = pointer if (leaf and isinstance(key, int)) or key == "non_field_errors" else f"{pointer}/{key}"
        found += _field_errors(value, here)
    return found


def domain_errors(error: ValidationError):
    """The errors of a domain service, by field where it names one."""
    named = error.error_dict.items() if hasattr(error, "error_dict") else [("", error.error_list)]
    for field, errors in named:
        for one in errors:
            yield {"pointer": f"/{field}".rstrip("/") or "/", "code": one.code or "invalid", "detail": " ".join(one.messages)}


class PolicyPermission(BasePermission):
    """The view's `policy`, asked once more for the object by the action itself."""

    def has_permission(self, request, view):
        policy = getattr(view, "policy", None)
        if policy is None:
            return False
        verdict = policy(getattr(request, "actor", ANONYMOUS))
        if not verdict:
            raise Refused(verdict.reason)
        return True


class TextField(serializers.CharField):
    """Text as it was meant: a JSON string, NFC; `lines=False` refuses control and direction characters."""

    default_error_messages = {
        "not_a_string": _("This must be text."),
        "blank": _("This may not be empty."),
        "bidi_control": _("The text holds characters that change the writing direction."),
        "control_char": _("The text holds line breaks or control characters."),
        "too_many_marks": _("The text holds too many marks on one letter."),
    }

    def __init__(self, *, lines: bool = False, **kwargs):
        self.lines = lines
        super().__init__(**kwargs)

    def to_internal_value(self, data):
        if not isinstance(data, str):
            self.fail("not_a_string")
        text = unicodedata.normalize("NFC", data).strip()
        if not INVISIBLE.sub("", text).strip() and not self.allow_blank:
            self.fail("blank")
        if not self.lines:
            if BIDI.search(text):
                self.fail("bidi_control")
            if CONTROL.search(text):
                self.fail("control_char")
            if re.search("[\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff]{5}", unicodedata.normalize("NFD", text)):
                self.fail("too_many_marks")
        return super().to_internal_value(text)


class WholeField(serializers.IntegerField):
    """A JSON integer; no text, no fraction, no true."""

    default_error_messages = {"not_an_integer": _("This must be a whole number.")}

    def to_internal_value(self, data):
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("not_an_integer")
        return super().to_internal_value(data)


class DayField(serializers.DateField):
    """YYYY-MM-DD in ASCII digits."""

    default_error_messages = {"invalid_date": _("Write the date as YYYY-MM-DD.")}

    def to_internal_value(self, value):
        if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            self.fail("invalid_date")
        try:
            return super().to_internal_value(value)
        except serializers.ValidationError:
            self.fail("invalid_date")


class StrictSerializer(serializers.Serializer):
    """Refuses every field it does not know, also those that are only read."""

    default_error_messages = {"unknown_field": _("This field is not known here.")}

    def to_internal_value(self, data):
        if not isinstance(data, dict):
            raise Problem(400, "object_expected", _("One JSON object is expected."))
        writable = {name for name, field in self.fields.items() if not field.read_only}
        unknown = {
            name: [serializers.ErrorDetail(self.error_messages["unknown_field"], "unknown_field")]
            for name in data
            if name not in writable
        }
        if unknown:
            raise serializers.ValidationError(unknown)
        return super().to_internal_value(data)


def clean_parameters(request, *allowed: str) -> dict[str, str]:
    """The query of this request, each name once and known. Raises Problem otherwise: a typo must not return everything."""
    result = {}
    for name, values in request.GET.lists():
        if name not in allowed:
            raise Problem(400, "unknown_parameter", _("A parameter is not known here."), [_at(name, "unknown_parameter")])
        if len(values) > 1:
            raise Problem(400, "repeated_parameter", _("A parameter is given twice."), [_at(name, "repeated_parameter")])
        if "\x00" in values[0] or len(values[0]) > 500:
            raise Problem(400, "invalid_filter", _("A parameter cannot be read."), [_at(name, "invalid_filter")])
        result[name] = values[0]
    return result


def _at(name: str, code: str) -> dict:
    return {"pointer": f"?{name}"[:80], "code": code, "detail": _("Look at this parameter.")}


def whole_parameter(parameters: dict, name: str, *, low: int, high: int, default: int | None = None) -> int | None:
    """A whole number from the query within its bounds."""
    raw = parameters.get(name)
    if raw is None:
        return default
    if not re.fullmatch(r"[0-9]{1,12}", raw) or not low <= int(raw) <= high:
        raise Problem(400, "invalid_filter", _("A number in the address is out of range."), [_at(name, "out_of_range")])
    return int(raw)


def page_of(rows, parameters: dict, *, scope: str, represent, field: str = "pk") -> Response:
    """One keyset page, newest first. The cursor is signed and bound to `scope` (address and organization)."""
    limit = whole_parameter(parameters, "limit", low=1, high=MAX_PAGE, default=20)
    if parameters.get("after"):
        try:
            last = signing.loads(parameters["after"], salt=f"cursor:{scope}")
        except signing.BadSignature:
            raise Problem(404, "invalid_cursor", _("This page does not exist.")) from None
        rows = rows.filter(**{f"{field}__lt": last})
    found = list(rows.order_by(f"-{field}")[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    following = signing.dumps(getattr(found[-1], field), salt=f"cursor:{scope}") if more else None
    return Response({"results": [represent(row) for row in found], "next": following})


def require_member(request) -> None:
    """The actor must be a member acting for the organization of the address; a wrong or missing key is one answer."""
    if getattr(request, "actor", ANONYMOUS).organization_id is None:
        raise exceptions.NotAuthenticated(_("Send a valid key of this organization."))


def require_body(request) -> None:
    """A request that makes something says what; an empty body is a mistake."""
    if not int(request.META.get("CONTENT_LENGTH") or 0):
        raise Problem(400, "object_expected", _("One JSON object is expected."))


def idempotent(request, create) -> int:
    """Run `create()` (returns a primary key) once per Idempotency-Key; the same key with another body is refused with 422.

    A repeated request waits for the first and gets the same primary key. Without the header every request creates.
    """
    given = request.headers.get("Idempotency-Key", "")
    if not given:
        with transaction.atomic():
            return create()
    if not re.fullmatch(r"[\x21-\x7e]{8,120}", given):
        raise Problem(400, "idempotency_key", _("The key of the request must have 8 to 120 plain characters."))
    body = hashlib.sha256(json.dumps(request.data, sort_keys=True, default=str).encode()).hexdigest()
    token = hashlib.sha256(f"{given}|{request.path}|{request.actor.user_id}".encode()).hexdigest()
    try:
        with transaction.atomic():
            mark = Submission.objects.create(token=token, place=body)
    except IntegrityError:
        first, _space, pk = Submission.objects.get(token=token).place.partition(" ")
        if first != body:
            raise Problem(422, "idempotency_mismatch", _("This key was used for another request.")) from None
        return int(pk)
    with transaction.atomic():
        pk = create()
        Submission.objects.filter(pk=mark.pk).update(place=f"{body} {pk}")
    return pk
