"""What a type of paper demands of a paper. Pure: facts in, findings out, each at its field and with its basis."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Refused, Verdict, no, yes
from chancery.foundations.words import words
from chancery.kernel.records.papertypes.models import PaperType
from chancery.kernel.records.papertypes.terms import RULES, Addressees, Shape, Signatory, Way

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class TypeRefused(Refused):
    """The type of paper does not allow it."""


class UnknownType(TypeRefused):
    """No such type of paper, or none that holds on that day."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What the rules look at. Names are as the drafter reads them."""

    title: str = ""
    text: str = ""  # the body, plain
    direction: str = ""
    format: str = ""
    issuer_kind: str = ""
    joint_issuers: int = 0
    main: Sequence[str] = ()  # main addressees
    main_below: Sequence[str] = ()  # those of them that are subordinates of the issuer
    main_above: Sequence[str] = ()  # those of them that stand above the issuer
    copies_below: Sequence[str] = ()  # copies to subordinates of the issuer
    has_signer: bool = False
    annexes: int = 0
    answered: Sequence[str] = ()  # types of the papers it answers; "" where the type is not known here


def findings(of: PaperType, paper: Paper) -> list[Verdict]:
    """Everything about the paper that its type does not allow, in the order of the page's fields."""
    return [found for check in _CHECKS for found in check(of, paper)]


def may_exist(of: PaperType | None, code: str) -> Verdict:
    """A paper is of a type that holds on the day."""
    if of is None:
        return no(
            _("There is no type of paper “%(code)s” today: it is unknown or has expired. Choose another type.")
            % {"code": code},
            field="paper_type",
            refusal=UnknownType,
        )
    return yes()


def _no(of: PaperType, rule: str, reason: StrOrPromise, *, field: str = "") -> Verdict:
    said = of.rules.get(rule, {})
    basis = words(said, "basis") if said.get("basis_en") or said.get("basis_zh") else words(of, "basis")
    return no(reason, field=field or RULES[rule].field, basis=basis, refusal=TypeRefused)


def _title(of: PaperType, paper: Paper) -> Iterator[Verdict]:
    title = folded(paper.title).rstrip()
    endings = of.says("title_ends") or []
    if title and endings and _HAN.search(title) and not any(title.endswith(folded(end)) for end in endings):
        told = _(" or ").join(f"“{end}”" for end in endings)
        yield _no(of, "title_ends", _("The title of this type ends in %(endings)s.") % {"endings": told})
    if of.says("one_matter"):
        found = next((phrase for phrase in of.says("many_matters_phrases") or [] if folded(phrase) in title), None)
        if found:
            yield _no(
                of,
                "one_matter",
                _("%(type)s is about one matter; “%(phrase)s” in the title names several. Write one for each.")
                % {"type": words(of), "phrase": found},
                field="title",
            )


def _issuers(of: PaperType, paper: Paper) -> Iterator[Verdict]:
    allowed = of.says("issuers")
    if allowed is None or not paper.issuer_kind:
        return
    if not allowed:
        yield _no(
            of, "issuers", _("Nobody in this house may issue %(type)s.") % {"type": words(of)}, field="paper_type"
        )
    elif paper.issuer_kind not in allowed:
        yield _no(of, "issuers", _("A unit of this kind may not issue %(type)s.") % {"type": words(of)})
    if paper.joint_issuers and of.says("may_be_joint") is False:
        yield _no(of, "may_be_joint", _("%(type)s is not issued jointly.") % {"type": words(of)})


def _direction(of: PaperType, paper: Paper) -> Iterator[Verdict]:
    ways = of.says("directions")
    if ways is not None and paper.direction not in ways:
        told = _(", ").join(str(Way(way).label) for way in ways)
        yield _no(of, "directions", _("%(type)s goes: %(ways)s.") % {"type": words(of), "ways": told})
    formats = of.says("formats")
    if formats is not None and paper.format and paper.format not in formats:
        yield _no(of, "formats", _("%(type)s is not set in this format.") % {"type": words(of)})
    if paper.direction == Way.UPWARD and paper.main_below:
        yield _no(
            of,
            "directions",
            _("It goes to a superior, but %(names)s stands below the issuer.") % {"names": _listed(paper.main_below)},
            field="main",
        )
    if paper.direction == Way.DOWNWARD and paper.main_above:
        yield _no(
            of,
            "directions",
            _("It goes to subordinates, but %(names)s stands above the issuer.") % {"names": _listed(paper.main_above)},
            field="main",
        )


def _addressees(of: PaperType, paper: Paper) -> Iterator[Verdict]:
    rule, count = of.says("addressees"), len(paper.main)
    if rule == Addressees.ONE and count == 0:
        yield _no(of, "addressees", _("%(type)s has one main addressee: name it.") % {"type": words(of)})
    elif rule == Addressees.ONE and count > 1:
        yield _no(
            of,
            "addressees",
            _("%(type)s has one main addressee, and %(count)d are named. Others may get a copy.")
            % {"type": words(of), "count": count},
        )
    elif rule == Addressees.SOME and count == 0:
        yield _no(of, "addressees", _("Name at least one main addressee."))
    elif rule == Addressees.NONE and count:
        yield _no(of, "addressees", _("%(type)s has no main addressee.") % {"type": words(of)})
    if paper.copies_below and of.says("copies_below") is False:
        yield _no(
            of,
            "copies_below",
            _("%(type)s is not copied to subordinates: take %(names)s off.")
            % {"type": words(of), "names": _listed(paper.copies_below)},
        )


def _signatory(of: PaperType, paper: Paper) -> Iterator[Verdict]:
    if shows_signatory(of, paper.direction) and not paper.has_signer:
        yield _no(
            of,
            "signatory",
            _("A paper that goes upward shows who signs it: choose the signer.")
            if paper.direction == Way.UPWARD
            else _("This type shows who signs it: choose the signer."),
        )


def _requests(of: PaperType, paper: Paper) -> Iterator[Verdict]:
    found = requests_in(paper.text, of.says("request_phrases") or [])
    if found and of.says("may_request") is False:
        yield _no(
            of,
            "may_request",
            _("%(type)s must carry no request, and it says “%(phrase)s”. Write a request of its own.")
            % {"type": words(of), "phrase": found[0]},
        )
    elif len(found) > 1 and of.says("one_matter"):
        yield _no(
            of,
            "one_matter",
            _("%(type)s is about one matter, and it asks %(count)d times. Write one for each matter.")
            % {"type": words(of), "count": len(found)},
        )


def _annexes(of: PaperType, paper: Paper) -> Iterator[Verdict]:
    if of.says("needs_annex") and not paper.annexes:
        yield _no(of, "needs_annex", _("%(type)s comes with an annex: add it.") % {"type": words(of)})


def _answers(of: PaperType, paper: Paper) -> Iterator[Verdict]:
    wanted = of.says("answers") or []
    if wanted and not paper.answered:
        yield _no(of, "answers", _("%(type)s answers a paper: say which one.") % {"type": words(of)})
    elif wanted and any(code and code not in wanted for code in paper.answered):
        yield _no(of, "answers", _("%(type)s cannot answer a paper of that type.") % {"type": words(of)})


_CHECKS: tuple[Callable[[PaperType, Paper], Iterator[Verdict]], ...] = (
    _title,
    _issuers,
    _direction,
    _addressees,
    _signatory,
    _requests,
    _annexes,
    _answers,
)


def shows_signatory(of: PaperType, direction: str) -> bool:
    """Whether the signatory is printed on such a paper."""
    rule = of.says("signatory")
    return rule == Signatory.ALWAYS or (rule == Signatory.UPWARD and direction == Way.UPWARD)


_HAN = re.compile(r"[\u3400-\u9fff]")  # the endings are Chinese words: a title in another language has none
_GAPS = re.compile(r"[\s\u3000]+")


def folded(text: str) -> str:
    """Text as phrases are sought in it: one width, no blanks."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", text)).casefold()


def requests_in(text: str, phrases: Sequence[str]) -> list[str]:
    """The phrases of request in a text, in its order; the longest at a place, so that none is counted twice."""
    wanted = sorted({folded(phrase) for phrase in phrases if folded(phrase)}, key=len, reverse=True)
    if not wanted:
        return []
    told = {folded(phrase): phrase for phrase in phrases}
    return [told[found] for found in re.findall("|".join(map(re.escape, wanted)), folded(text))]


def _listed(names: Sequence[str]) -> str:
    return _(", ").join(names)


# --- Editing ----------------------------------------------------------------------------------------------------------
def may_amend(by: Actor, *, basis_en: str, basis_zh: str, reason: str) -> Verdict:
    """A person (or the loader), with a basis in both languages and a reason. The role is asked at the door."""
    if not (by.is_person or by.is_system):
        return no(_("Only someone signed in may edit the types of paper."))
    if not basis_en.strip() or not basis_zh.strip():
        return no(
            _("Name the rule it rests on, in both languages."), field="basis_zh" if basis_en.strip() else "basis_en"
        )
    if not reason.strip():
        return no(_("Say why it changes; the reason goes into the journal."), field="reason")
    return yes()


def may_end(by: Actor, row: PaperType, *, last_day: Any, reason: str) -> Verdict:
    """A row that holds may end on a day of its own period, with a reason."""
    if row.withdrawn_at is not None:
        return no(_("This row was withdrawn; it cannot be ended again."))
    if last_day < row.valid_from:
        return no(_("The last day lies before the first; amend the type instead."), field="last_day")
    if row.valid_to is not None and last_day >= row.valid_to:
        return no(_("The type already ends by that day."), field="last_day")
    if not (by.is_person or by.is_system) or not reason.strip():
        return no(_("Say why it changes; the reason goes into the journal."), field="reason")
    return yes()


def fault_of(rule: str, value: Any, *, issuers: Sequence[str]) -> str:
    """What is wrong with a rule's value, or "". `issuers`: the kinds of unit there are."""
    kind = RULES.get(rule)
    if kind is None:
        return f"unknown rule “{rule}”"
    if kind.shape == Shape.FLAG:
        return "" if isinstance(value, bool) else "must be true or false"
    codes = set(issuers) if rule == "issuers" else {code for code, _words in kind.choices}
    if kind.shape == Shape.ONE:
        return "" if isinstance(value, str) and value in codes else f"must be one of {', '.join(sorted(codes))}"
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
        return "must be a list of texts"
    strange = [one for one in value if one not in codes] if codes else []
    return f"unknown: {', '.join(strange)}" if strange else ""
