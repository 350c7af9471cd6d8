"""Three pages: a list, one thing, an action. What does not fit is a plain Django view with a `policy` on it."""

import hashlib
import secrets

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.views import View

from core.models import Submission
from core.policies import public, require
from core.tenancy import current, read_only

ONCE = "_once"


class Page(View):
    """Common ground: `selector(actor)` is the doorway to rows, `policy(actor[, thing])` decides, a template shows."""

    selector = None
    policy = None
    template_name = ""
    lookup = "pk"
    thing_name = "thing"

    @classmethod
    def as_view(cls, **kwargs):
        view = super().as_view(**kwargs)
        view.policy = cls.policy
        view.login_required = cls.policy is not public
        return view

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for name in ("selector", "policy", "service"):
            function = cls.__dict__.get(name)
            if callable(function) and not isinstance(function, staticmethod):
                setattr(cls, name, staticmethod(function))

    @property
    def actor(self):
        return self.request.actor

    def get_thing(self):
        """The row of the address, through the selector: what is not visible does not exist."""
        try:
            return self.selector(self.actor).get(**{self.lookup: self.kwargs[self.lookup]})
        except (self.selector(self.actor).model.DoesNotExist, ValueError):
            raise Http404 from None

    def context(self, **context):
        """What the template gets; extend it in a page."""
        return context

    def render(self, context, status=200):
        return TemplateResponse(self.request, self.template_name, context, status=status).render()


class ListPage(Page):
    """Rows through `selector(actor)`, filtered by an optional GET form, in keyset pages."""

    filter_form = None
    ordering = "-pk"
    page_size = 20

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        with read_only():
            form = self.filter_form(request.GET or None) if self.filter_form else None
            rows = self.selector(self.actor)
            if form is not None and form.is_valid():
                rows = form.filter(rows)
            page, next_after = self.page(rows)
            return self.render(self.context(rows=page, form=form, next_after=next_after, actor=self.actor))

    def page(self, rows):
        """One page after the `after` key, and the next key or None."""
        field = self.ordering.lstrip("-")
        after = self.request.GET.get("after", "")
        if after.isascii() and after.isdigit() and len(after) < 19:
            rows = rows.filter(**{f"{field}__{'lt' if self.ordering.startswith('-') else 'gt'}": int(after)})
        found = list(rows.order_by(self.ordering)[: self.page_size + 1])
        more = len(found) > self.page_size
        found = found[: self.page_size]
        return found, (getattr(found[-1], field) if more else None)


class DetailPage(Page):
    """One thing; nothing can be written while it is shown."""

    def get(self, request, *args, **kwargs):
        with read_only():
            thing = self.get_thing()
            require(self.policy(self.actor, thing))
            return self.render(self.context(**{self.thing_name: thing, "actor": self.actor}))


class ActionPage(Page):
    """A form, then `service(<thing_name>=…, actor=…, now=…, **cleaned_data)`. Sent twice, it is done once."""

    form_class = None
    service = None
    success_message = ""

    def get_form(self, thing, data=None, files=None):
        return self.form_class(data, files)

    def success_url(self, thing, result):
        return self.request.path

    def load(self):
        thing = self.get_thing() if self.selector else None
        require(self.policy(self.actor, thing) if self.selector else self.policy(self.actor))
        return thing

    def show(self, thing, form, status=200):
        named = {self.thing_name: thing} if self.selector else {}
        return self.render(self.context(form=form, actor=self.actor, once=secrets.token_urlsafe(24), **named), status)

    def get(self, request, *args, **kwargs):
        thing = self.load()
        return self.show(thing, self.get_form(thing))

    def post(self, request, *args, **kwargs):
        if place := earlier_place(request):
            return HttpResponseRedirect(place)
        thing = self.load()
        form = self.get_form(thing, request.POST, request.FILES)
        if not form.is_valid():
            return self.show(thing, form)
        return once(request, lambda: self.act(thing, form)) or self.show(thing, form)

    def act(self, thing, form):
        """Call the service; a ValidationError from the domain goes to the form. Returns the next address or None."""
        named = {self.thing_name: thing} if self.selector else {}
        try:
            with transaction.atomic():
                result = self.service(**named, **form.cleaned_data, actor=self.actor, now=timezone.now())
        except ValidationError as error:
            form.add_error(None, error)
            return None
        if self.success_message:
            messages.success(self.request, self.success_message)
        return self.success_url(thing, result)


def once(request, action):
    """Run `action()` (which returns the next address, or None to show the form again) once per form token.

    A second submission of the same form waits for the first and is sent to the same place.
    """
    token = _token(request)
    if not token:
        place = action()
        return place and HttpResponseRedirect(place)
    try:
        with transaction.atomic():
            mark = Submission.objects.create(token=token)
    except IntegrityError:
        return HttpResponseRedirect(Submission.objects.get(pk=token).place or request.path)
    place = action()
    if place is None:
        mark.delete()
        return None
    Submission.objects.filter(pk=token).update(place=str(place)[:500])
    return HttpResponseRedirect(place)


def earlier_place(request) -> str:
    """Where the first submission of this very form led, or "" when there was none. Asked before the row and the form are looked
    at again: both may have changed because of that submission."""
    token = _token(request)
    mark = Submission.objects.filter(pk=token).first() if token else None
    return mark.place if mark else ""


def _token(request) -> str:
    """The form's token, bound to the person, the address and the answers, as a hash.

    With the answers in it, going back and sending something else is a new submission, and nothing typed is lost.
    """
    raw = request.POST.get(ONCE, "")
    if not raw or len(raw) > 64:
        return ""
    tenancy = current()
    answers = [(name, request.POST.getlist(name)) for name in sorted(request.POST) if name not in (ONCE, "csrfmiddlewaretoken")]
    files = [(name, file.name, file.size) for name in sorted(request.FILES) for file in request.FILES.getlist(name)]
    bound = repr((raw, request.path, tenancy.user_id if tenancy else None, answers, files))
    return hashlib.sha256(bound.encode()).hexdigest()
