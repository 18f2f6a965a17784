"""The styleguide: every component in every state, so that it can be looked at."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase

from chancery.foundations import clock, manuscript
from chancery.foundations.web import samples
from chancery.foundations.web.columns import Row, Rows
from chancery.foundations.web.forms import ManuscriptField
from chancery.foundations.web.tables import Bulk, Column, Filter, ListPage

STATES = {0: "Waiting", 1: "In hand", 2: "Returned", 3: "Filed"}
TONES = {0: "blue", 1: "amber", 2: "red", 3: "green"}


class Sample(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="Title", max_length=120)
    number = forms.CharField(
        label="Their number", required=False, help_text="As printed on the letter, e.g. 科协发〔2026〕12号."
    )
    received_on = forms.DateField(label="Received on")
    urgency = forms.ChoiceField(label="Urgency", choices=[("N", "Normal"), ("U", "Urgent"), ("X", "Extra urgent")])
    kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect, choices=[("L", "Letter"), ("R", "Report")])
    units = forms.MultipleChoiceField(
        label="Co-units",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("1", "Planning"), ("2", "Societies")],
    )
    paper = forms.BooleanField(label="The paper original is here", required=False)
    file = forms.FileField(label="Scan", required=False)
    opinion = forms.CharField(label="Opinion", widget=forms.Textarea, required=False)


class Draft(forms.Form):
    """A text of each profile."""

    body = ManuscriptField(label="Body of a notice", profile="cn", help_text="Headings number themselves.")
    letter = ManuscriptField(label="Body of a letter", profile="neutral", required=False)


def _due(row: Row) -> dt.date:
    return clock.today() + dt.timedelta(days=int(row["id"]) % 9 - 3)


def respond(request: HttpRequest, rows: Rows) -> HttpResponseBase:
    """The page."""
    page = ListPage(
        request,
        name="web.styleguide",
        rows=rows,
        columns=[
            Column("number", "Number", value=lambda r: f"联总发〔2026〕{r['id']}号", style="tight", sort="id"),
            Column("model", "Title", is_main=True, sort="model", style="cut", link=lambda r: f"#{r['id']}"),
            Column("app_label", "Unit", sort="app_label", style="tight"),
            Column("state", "State", kind="badge", codes=STATES, tones=TONES, sort="state"),
            Column("due", "Due", kind="deadline", value=_due),
            Column("id", "Pages", kind="number", sort="id"),
            Column("secret", "A hidden column", is_shown=False, value=lambda r: r["model"][::-1]),
        ],
        filters=[
            Filter("app_label", "Unit", choices=lambda: [(n, n) for n in ("access", "web", "journal")]),
            Filter("due", "Due", kind="date_range", apply=lambda found, _span: found),
        ],
        search=("model", "app_label"),
        order="id",
        caption="Things",
        bulk=[Bulk("", "Mark as read"), Bulk("", "Withdraw", tone="danger", confirm="Withdraw the picked ones?")],
        row_css=lambda r: "is-unread" if r["id"] % 5 == 0 else "",
    )
    now = clock.now()
    bad = Sample(
        {
            "bad-received_on": "yesterday",
            "bad-kind": "L",
            "bad-urgency": "N",
            "bad-opinion": "This text stays as typed.",
        },
        prefix="bad",
    )
    context: dict[str, Any] = {
        "draft": Draft(initial={"body": samples.notice(), "letter": samples.letter()}, prefix="draft"),
        "notice": samples.notice(),
        "letter": samples.letter(),
        "rows": manuscript.compare(samples.notice_before(), samples.notice()),
        "good": Sample(prefix="good"),
        "bad": bad,
        "widths": {"received_on": "third", "urgency": "third", "number": "third", "kind": "half", "units": "half"},
        "facts": [
            ("Number", "联总发〔2026〕12号"),
            ("Urgency", "Urgent"),
            ("Unit", "Planning and Finance", "/"),
            ("Note", ""),
        ],
        "today": clock.today(),
        "days": [clock.today() + dt.timedelta(days=n) for n in (-2, 0, 1, 6)],
        "timeline": [
            {"title": "Registered", "state": "done", "who": "Lin Shu", "at": now, "took": "12 min"},
            {
                "title": "Returned by the first checker",
                "state": "bad",
                "who": "Zhao Heng",
                "at": now,
                "text": "The annex is missing.",
            },
            {
                "title": "Handling",
                "state": "now",
                "who": "Tang Wei, Planning and Finance",
                "at": now,
                "took": "since 2 days",
            },
            {"title": "Filing", "state": ""},
        ],
        "opinions": [
            {
                "unit": "Planning and Finance",
                "opinions": [
                    {
                        "text": "Agreed. 拟同意，请财务处核算后报批。",
                        "who": "Tang Wei",
                        "post": "Handler",
                        "at": now,
                        "outcome": "Agree",
                        "tone": "green",
                    }
                ],
            },
            {
                "unit": "Academic and Societies",
                "opinions": [
                    {
                        "text": "Not in this form.",
                        "who": "Gao Ming",
                        "post": "Co-handler",
                        "at": now,
                        "outcome": "Object",
                        "tone": "red",
                    }
                ],
            },
        ],
        "tabs": [
            {"address": "#", "title": "To do", "n": 23, "is_here": True, "is_late": True},
            {"address": "#", "title": "To read", "n": 4},
            {"address": "#", "title": "Done", "n": None},
        ],
        "trail": [("/", "Home"), ("#", "Rooms"), ("", "Styleguide")],
        "chart": {
            "kind": "hbar",
            "labels": ["Register", "First check", "Handle", "Sign"],
            "unit": "days",
            "series": [{"name": "Median", "values": [0.2, 0.5, 3.4, 1.1]}],
        },
        "lines": {
            "kind": "line",
            "labels": ["Jun", "Jul", "Aug", "Sep", "Oct"],
            "unit": "",
            "series": [
                {"name": "Received", "values": [20, 34, 28, 41, 44]},
                {"name": "Answered", "values": [18, 30, 31, 36, 45]},
            ],
        },
    }
    return page.respond("web/styleguide.html", context)
