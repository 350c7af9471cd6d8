"""The living page of components, `/<language>/design/`: development and tests only. All of it is invented, and only the
components' own words are translated."""

import datetime as dt
from decimal import Decimal

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render

from core.policies import public

NOW = dt.datetime(2026, 11, 23, 3, 42, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 20)


class ExampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Company name", help_text="As on the permit.")
    note = forms.CharField(label="Note", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    payer = forms.ChoiceField(label="Who pays", choices=[("you", "Worker"), ("emp", "Japanese company")])
    held = forms.MultipleChoiceField(
        label="What do they keep from you?",
        help_text="You may choose more than one.",
        widget=forms.CheckboxSelectMultiple,
        choices=[("passport", "Passport"), ("diploma", "Diploma"), ("unsure", "I am not sure")],
    )
    when = forms.ChoiceField(label="When", widget=forms.RadioSelect, choices=[("a", "After signing"), ("b", "During the course")])
    agree = forms.BooleanField(label="I have read the fees.")
    scan = forms.FileField(label="Scan of the permit", required=False)


def _chip(verdict, text):
    return {"verdict": verdict, "text": text}


def _cost():
    return {
        "total": 44620000, "currency": "VND", "at_least": False, "months": Decimal("1.9"), "take_home": 138000,
        "take_home_currency": "JPY", "payback_months": 4, "payback_terms": "with half of the pay, at 12% a year",
        "computed_on": DAY, "rate": "1 ¥ = 170 ₫", "method_url": "#fees",
    }  # fmt: skip


def _jobs():
    job = {
        "url": "#", "title": "Chế biến thủy sản, Yaizu", "lang": "vi", "meta": ["SSW 1", "Shizuoka"], "total": 44620000,
        "currency": "VND", "at_least": False, "months": Decimal("1.9"), "take_home": 138000,
        "take_home_currency": "JPY", "home_amount": 23460000, "home_currency": "VND",
        "chips": [_chip("ok", "Permit in force")],
    }  # fmt: skip
    return [
        {
            **job,
            "total": 0,
            "months": Decimal(0),
            "title": "Đóng gói cá hộp, Choshi",
            "raised": {"amount": 1800000, "currency": "VND", "on": DAY},
        },
        job,
        {**job, "at_least": True, "months": Decimal("11.3"), "chips": [_chip("unk", "No verified ceiling")]},
        {**job, "total": None, "months": None, "home_amount": None, "chips": []},
    ]


def _fee_groups():
    def line(name, amount, note="", *chips):
        return {"name": name, "amount": amount, "currency": "VND", "note": note, "chips": chips}

    legal, unknown = _chip("ok", "Legal"), _chip("unk", "No verified ceiling")
    return [
        {"payer": "you", "name": "You pay", "subtotal": 44620000, "currency": "VND",
         "chips": [_chip("warn", "ILO: you should not have to pay")],
         "lines": [line("Service charge", 33320000, "Only after the contract is signed.", legal),
                   line("Japanese course", 9500000, "", unknown), line("Medical test", None, "", unknown)]},
        {"payer": "emp", "name": "Japanese company pays", "subtotal": 51470000, "currency": "VND", "chips": [],
         "lines": [line("Flight to Japan", 9000000)]},
        {"payer": "", "name": "Nobody may collect", "subtotal": 0, "currency": "VND", "chips": [],
         "lines": [line("Deposit", 0, "Decree 112/2021/ND-CP", _chip("stop", "Forbidden"))]},
    ]  # fmt: skip


def _pictures():
    return {
        "parts": [
            {"payer": "you", "name": "You", "amount": 44620000, "currency": "VND"},
            {"payer": "emp", "name": "Japanese company", "amount": 51470000, "currency": "VND"},
            {"payer": "org", "name": "Sending company", "amount": 3750000, "currency": "VND"},
        ],
        "pay": [
            {"name": "Wage and allowances", "amount": 206000}, {"name": "Tax", "amount": -4100},
            {"name": "Social insurance", "amount": -30900}, {"name": "Rent", "amount": -24000},
            {"name": "Electricity and water", "amount": -9000},
        ],
        "bars": [
            {"label": "Technical intern", "value": Decimal("3.1")},
            {"label": "Specified skilled worker", "value": Decimal("1.9")},
            {"label": "Engineer", "value": None}, {"label": "Without fees", "value": 0},
        ],
        "points": [{"label": str(month), "value": value} for month, value in
                   zip(range(1, 9), (12, 18, 17, None, 25, 31, 29, 40), strict=True)],
        "ranges": [
            {"label": "2025", "note": "n = 31", "asked": Decimal("44.2"), "paid": 47, "low": 40, "high": 63},
            {"label": "2026", "note": "n = 23", "asked": Decimal("44.6"), "paid": Decimal("45.1"), "low": 41, "high": 58},
        ],
    }  # fmt: skip


def _desk():
    return {
        "desk_name": "Demo",
        "desk_nav": [("#", "Openings", True, 4), ("#", "Permits", False, None)],
        "tabs": [{"url": "#", "label": "All", "current": True, "count": 25},
                 {"url": "#", "label": "Late", "current": False, "count": 1, "sign": "late"}],
        "tiles": [{"label": "Due today", "value": 4, "note": "of 18 reviews waiting", "lit": True},
                  {"label": "Openings live", "value": "1,284", "note": ""}],
        "signals": [{"verdict": "stop", "title": "Paid is far above asked", "subject": "Công ty Mẫu Sông Lam",
                     "text": "Look at the records.", "note": "n = 14", "actions": [{"url": "#", "text": "Open"}]},
                    {"verdict": "unk", "title": "Ceiling not verified", "text": "", "actions": []}],
        "changes": [{"label": "Medical test", "old": "1.200.000 ₫", "new": "1.500.000 ₫", "direction": "up"},
                    {"label": "Rent", "old": "24.000 ¥", "new": "20.000 ¥", "direction": "down"},
                    {"label": "Take-home pay", "old": "138.000 ¥", "new": "", "direction": "same"}],
        "due": [NOW - dt.timedelta(hours=3), NOW + dt.timedelta(hours=5), NOW + dt.timedelta(days=1), NOW + dt.timedelta(days=9)],
    }  # fmt: skip


def _context():
    return {
        "now": NOW, "today": DAY, "form": ExampleForm({"name": ""}), "fresh": ExampleForm(prefix="fresh"),
        "cost": _cost(), "jobs": _jobs(), "groups": _fee_groups(),
        "steps": [
            {"label": "Interview", "amount": 0, "currency": "VND", "note": "No fee is allowed.", "pays": False},
            {"label": "After the contract is signed", "amount": 33420000, "currency": "VND", "pays": True},
        ],
        "facts": [{"label": "Hours", "value": "8 hours a day"}, {"label": "Base wage", "value": "196.000 ¥"}],
        "links": [{"url": "#", "text": "3 jobs in Fukuoka, up to 2 months of pay"}],
        "choices": [{"value": 2, "label": "Up to 2 months of pay", "count": 37, "checked": True},
                    {"value": 3, "label": "Up to 3 months of pay", "count": 61, "checked": False}],
        "statuses": ["valid", "expired", "suspended", "suspended_market", "surrendered", "revoked", "not_checked"],
        **_pictures(), **_desk(),
    }  # fmt: skip


def page(request):
    """Everything a page may use, once."""
    return render(request, "pages/design.html", _context())


def public_page(request):
    """A public page with its answer: cost box, fee table, pictures."""
    return render(request, "pages/design_public.html", _context())


for _view in (page, public_page):
    login_not_required(_view)
    _view.policy = public
