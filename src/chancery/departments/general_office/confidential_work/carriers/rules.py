"""What may stand in the register, and who may do what to a copy."""

from __future__ import annotations

import datetime as dt
import re

from django.utils.translation import gettext_lazy as _

from chancery.departments.general_office.confidential_work.carriers.models import Carrier, CarrierCopy, CopyRequest
from chancery.departments.general_office.confidential_work.carriers.terms import AskState, CopyState, Level, level_words
from chancery.departments.general_office.confidential_work.rules import is_authority, is_officer
from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, first_refusal, no, yes
from chancery.kernel.access.rules import not_own_act

BASIS = "《中华人民共和国保守国家秘密法》(2024) 第三十一条；《实施条例》(2024) 第二十至二十九条"
MOST_COPIES = 500


class TitleLike(Refused):
    """The alias tells what the carrier is about."""


class OverCap(Refused):
    """The period is longer than the rulebook allows for the level."""


# What titles are made of: book-title marks, "on …" in Chinese, document numbers, names of paper types at the end.
_TITLE = (
    re.compile(r"[《》〈〉「」『』“”\"‘’]"),
    re.compile(r"关于|關於|有关|涉及"),
    re.compile(r"[〔\[（(]\s*(?:19|20)\d\d\s*[〕\])）]|\d+\s*号"),
    re.compile(
        r"(?:决议|决定|命令|公报|公告|通告|意见|通知|通报|报告|请示|批复|议案|函|纪要|方案|计划|规划|办法|规定|清单|简报|总结|名单|合同|协议|讲话)$"
    ),
    re.compile(
        r"\b(?:on|about|regarding|concerning|report|minutes|plan|notice|decision|letter|memo|memorandum|list|agreement"
        r"|contract|budget|strategy|draft)\b",
        re.IGNORECASE,
    ),
)
_LONGEST_HAN, _MOST_WORDS = 12, 5


def is_neutral(alias: str) -> Verdict:
    """An alias names the thing, not what is in it: "Blue folder 3", "蓝匣三号"."""
    said = " ".join(alias.split())
    han = sum("\u4e00" <= sign <= "\u9fff" for sign in said)
    if any(pattern.search(said) for pattern in _TITLE) or han > _LONGEST_HAN or len(said.split()) > _MOST_WORDS:
        return no(
            _("This reads like a title. Give a neutral name that says nothing of the content: “Blue folder 3”."),
            field="alias",
            basis=BASIS,
            refusal=TitleLike,
        )
    return yes()


def is_numbered(first: int, last: int) -> Verdict:
    """Copies are counted from … to …."""
    if first < 1 or last < first:
        return no(_("The last copy number comes before the first."), field="copies_to")
    if last - first >= MOST_COPIES:
        return no(_("At most %(count)s copies at once.") % {"count": MOST_COPIES}, field="copies_to")
    return yes()


def within_cap(level: str, starts_on: dt.date, expires_on: dt.date | None, years: int) -> Verdict:
    """Never longer than the level's cap; `years` is the rulebook's figure. A condition has its day left open."""
    if expires_on is None:
        return yes()
    if expires_on <= starts_on:
        return no(_("The period ends before it begins."), field="expires_on")
    if expires_on > years_after(starts_on, years):
        return no(
            _("“%(level)s” lasts at most %(years)s years, here until %(day)s.")
            % {
                "level": level_words()[level],
                "years": years,
                "day": years_after(starts_on, years).isoformat(),
            },
            field="expires_on",
            basis="《实施条例》(2024) 第十六条",
            refusal=OverCap,
        )
    return yes()


def years_after(day: dt.date, years: int) -> dt.date:
    """The same day so many years on; 29 February rolls back to the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def may_register(by: Actor) -> Verdict:
    """The confidential officer."""
    return is_officer(by)


def is_here(copy: CarrierCopy) -> Verdict:
    """Held, and not on its way to somebody."""
    if copy.state != CopyState.HELD:
        return no(_("Copy %(number)s is not held: it is missing or destroyed.") % {"number": copy.number})
    if copy.moving_id is not None:
        return no(
            _("Copy %(number)s is on its way with a receipt that is not confirmed yet.") % {"number": copy.number}
        )
    return yes()


def may_place(by: Actor, copy: CarrierCopy) -> Verdict:
    """Its holder says where it lies; the officer may put that right."""
    if by.person_id == copy.holder_id or is_officer(by):
        return yes()
    return no(_("Only its holder or the confidential officer does that."))


def may_ask_copies(by: Actor, copy: CarrierCopy, count: int) -> Verdict:
    """Its holder asks."""
    if by.person_id != copy.holder_id:
        return no(_("Only the holder of a copy asks for further ones."))
    if not 1 <= count <= MOST_COPIES:
        return no(_("Say how many copies."), field="count")
    return is_here(copy)


def may_decide_copies(by: Actor, request: CopyRequest) -> Verdict:
    """The classification authority, not who asked, once."""
    if request.state != AskState.ASKED:
        return no(_("This request was decided already."))
    return first_refusal(is_authority(by), not_own_act(by, request.asked_person_id))


def may_hold(level: str, is_cleared: bool, field: str = "receiver") -> Verdict:
    """A person holds what their clearance reaches."""
    if is_cleared:
        return yes()
    return no(
        _("This person is not cleared for “%(level)s”. Clear them first, then hand it over.")
        % {"level": level_words()[level]},
        field=field,
        basis=BASIS,
    )


def needs_two(carrier: Carrier) -> bool:
    """Whether two people move it."""
    return carrier.level == Level.TOP_SECRET
