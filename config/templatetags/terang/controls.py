"""Form fields and their errors: the words stand beside the field, a summary above leads to them."""

from django import forms
from django.forms import BoundField
from django.utils.translation import ngettext

from ._library import register

_LISTS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def _kind(bound: BoundField) -> str:
    """How a field is laid out: hidden, list (fieldset of options), check (one box), file or line."""
    widget = bound.field.widget
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, _LISTS):
        return "list"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.MultiWidget):
        return "several"
    return "file" if isinstance(widget, forms.FileInput) else "line"


def _options(bound: BoundField, attributes: dict) -> list[dict]:
    """The answers of a radio or checkbox list: `control`, `id`, `label`, with the group's title when it has one."""
    widget = bound.field.widget
    base = {**attributes, "id": bound.auto_id}
    return [
        {"control": option.tag(), "id": option.id_for_label, "label": option.choice_label}
        for option in (
            forms.boundfield.BoundWidget(widget, data, bound.form.renderer)
            for data in widget.subwidgets(bound.html_name, bound.value(), attrs=base)
        )
    ]


def _attributes(bound: BoundField, described: str, extra: dict) -> dict:
    attributes = {name.replace("_", "-"): value for name, value in extra.items()}
    attributes["aria-describedby"] = described or False  # False keeps Django from pointing at ids that are not there
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return attributes


@register.inclusion_tag("components/_field.html")
def field(bound: BoundField, label: str = "", hint: str = "", heading: bool = False, css: str = "", **extra) -> dict:
    """One whole field. `heading=True`: the question is the page's `h1`. More keywords become attributes."""
    kind = _kind(bound)
    name = bound.auto_id or bound.html_name
    hint = hint or bound.help_text
    hint_id, error_id = f"{name}_hint", f"{name}_error"
    described = " ".join(mark for mark, needed in ((hint_id, hint), (error_id, bound.errors)) if needed)
    attributes = _attributes(bound, described, extra)
    return {
        "kind": kind,
        "label": label or bound.label,
        "hint": hint,
        "heading": heading,
        "css": css,
        "optional": not bound.field.required and kind != "check",
        "errors": list(bound.errors),
        "for_id": bound.id_for_label or name,
        "group_id": name,
        "hint_id": hint_id,
        "error_id": error_id,
        "described": described,
        "options": _options(bound, {}) if kind == "list" else [],
        "control": "" if kind == "list" else bound.as_widget(attrs=attributes),
    }


@register.inclusion_tag("components/_fields.html")
def fields(form) -> dict:
    """Every field of a form in its order, hidden ones too."""
    return {"form": form}


def _target(bound: BoundField) -> str:
    """Where an error link leads: the control, or the first answer of a list."""
    if _kind(bound) == "list":
        options = _options(bound, {})
        return options[0]["id"] if options else bound.auto_id
    return bound.id_for_label or bound.auto_id


def _form_errors(form) -> list[dict]:
    found = [{"target": "", "text": text} for text in form.non_field_errors()]
    for bound in form:
        for text in bound.errors:
            found.append(
                {"target": "" if bound.is_hidden else _target(bound), "text": text, "label": str(bound.label).rstrip(".:?？：。")}
            )
    return found


def collect_errors(things) -> list[dict]:
    """All errors of forms and formsets in page order: `target` (id or ""), `text`, `label`."""
    found: list[dict] = []
    for thing in things:
        if thing is None or not getattr(thing, "is_bound", False):
            continue
        if hasattr(thing, "non_form_errors"):
            found += [{"target": "", "text": text} for text in thing.non_form_errors()]
            for form in thing.forms:
                found += _form_errors(form)
        else:
            found += _form_errors(thing)
    return found


@register.inclusion_tag("components/_errors.html")
def errors(*things, title: str = "") -> dict:
    """The summary above a form; empty when nothing is wrong. Takes forms and formsets."""
    found = collect_errors(things)
    words = ngettext("There is %(n)s thing to correct", "There are %(n)s things to correct", len(found))
    return {"errors": found, "title": title or words % {"n": len(found)}}
