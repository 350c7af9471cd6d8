"""Clean input of the inbox, the log and the choices."""

from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from notifications.models import Category, Channel, Clock, Delivery, Rhythm
from notifications.routing.suggestion import suggested

ANY = ("", _("All"))
DAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]
SUGGESTED = {
    frozenset({"at_once"}): _("Suggested: at once"),
    frozenset({"daily"}): _("Suggested: once a day"),
    frozenset({"never"}): _("Suggested: never"),
    frozenset({"at_once", "daily"}): _("Suggested: at once or once a day"),
    frozenset({"at_once", "never"}): _("Suggested: the important ones"),
}
MIXED = _("Suggested: mixed")
PAID = _("Suggested: the urgent ones")
# The zones people of the corridors live in come first; every other one can be chosen too.
NEAR = ["Asia/Ho_Chi_Minh", "Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "Asia/Tokyo", "Asia/Manila", "Asia/Yangon",
        "Asia/Phnom_Penh", "Asia/Kathmandu", "Asia/Seoul", "Asia/Taipei"]  # fmt: skip


class FilterForm(forms.Form):
    """A filter in the address. What is not understood counts as not given."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.is_valid()

    def given(self, name: str) -> str:
        """The clean value, or ""."""
        return getattr(self, "cleaned_data", {}).get(name) or ""

    @property
    def in_use(self) -> int:
        """How many filters are set."""
        return sum(bool(self.given(name)) for name in self.fields)


class InboxFilter(FilterForm):
    q = forms.CharField(label=_("Words or a number"), required=False, max_length=80)
    category = forms.ChoiceField(label=_("About"), required=False, choices=[ANY, *Category.choices])
    unread = forms.ChoiceField(label=_("Show"), required=False, choices=[("", _("All")), ("1", _("Unread only"))])


class LogFilter(FilterForm):
    q = forms.CharField(label=_("Words or a number"), required=False, max_length=80)
    channel = forms.ChoiceField(label=_("Sent as"), required=False, choices=[ANY, *Channel.choices])
    state = forms.ChoiceField(label=_("What happened"), required=False, choices=[ANY, *Delivery.State.choices])


class KindFilter(FilterForm):
    q = forms.CharField(label=_("Words"), required=False, max_length=80)
    category = forms.ChoiceField(label=_("About"), required=False, choices=[ANY, *Category.choices])


class ChoicesForm(forms.Form):
    """A rhythm for each category and channel, and the hours. `channels`: codes of the channels that are set up here."""

    quiet = forms.BooleanField(label=_("Let me sleep: no messages in these hours, unless it is urgent"), required=False)
    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("Quiet until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    digest_at = forms.TimeField(label=_("Time of the summary"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    digest_day = forms.TypedChoiceField(label=_("Day of the weekly summary"), choices=DAYS, coerce=int)
    time_zone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, *args, channels, **kwargs):
        super().__init__(*args, **kwargs)
        self.channels = channels
        rest = sorted(available_timezones() - set(NEAR) - {"localtime", "Factory"})
        self.fields["time_zone"].choices = [(name, name.replace("_", " ")) for name in [*NEAR, *rest]]
        for category in Category:
            for channel in channels:
                self.fields[cell(category, channel)] = forms.ChoiceField(
                    label=f"{category.label}: {Channel(channel).label}",
                    choices=rhythms(category, channel),
                    required=False,
                    disabled=category == Category.LEGAL,
                )

    def rows(self) -> list[dict]:
        """The table: each category with its fields in the order of the channels."""
        return [
            {
                "category": category,
                "fixed": category == Category.LEGAL,
                "cells": [
                    {"channel": Channel(channel).label, "field": self[cell(category, channel)]} for channel in self.channels
                ],
            }
            for category in Category
        ]

    def clean(self):
        given = super().clean()
        if given.get("quiet") and not (given.get("quiet_from") and given.get("quiet_until")):
            self.add_error("quiet_from", _("Write from when until when it shall be quiet, or take the tick away."))
        return given

    @property
    def choices(self) -> dict[tuple[str, str], str]:
        """(category, channel) → rhythm."""
        return {
            (category.value, channel): self.cleaned_data.get(cell(category, channel), "")
            for category in Category
            for channel in self.channels
            if category != Category.LEGAL
        }

    @property
    def clock(self) -> Clock:
        given = self.cleaned_data
        quiet = (given["quiet_from"], given["quiet_until"]) if given["quiet"] else (None, None)
        return Clock(given["time_zone"], *quiet, given["digest_at"], given["digest_day"])


def cell(category: str, channel: str) -> str:
    """The name of one field of the table."""
    return f"{category}-{channel}"


def rhythms(category: str, channel: str) -> list[tuple]:
    """What can be chosen: a text message costs money, so it never comes more often than Terang suggests."""
    if channel == Channel.SMS:
        return [("", PAID), (Rhythm.NEVER.value, Rhythm.NEVER.label)]
    return [("", SUGGESTED.get(suggested(category, channel), MIXED)), *Rhythm.choices]


def initial(choices: dict, clock: Clock) -> dict:
    """What the form shows at first."""
    usual = Clock()
    return {
        **{cell(category, channel): rhythm for (category, channel), rhythm in choices.items()},
        "quiet": clock.quiet_from is not None,
        "quiet_from": clock.quiet_from or usual.quiet_from,
        "quiet_until": clock.quiet_until or usual.quiet_until,
        "digest_at": clock.digest_at,
        "digest_day": clock.digest_day,
        "time_zone": clock.time_zone,
    }
