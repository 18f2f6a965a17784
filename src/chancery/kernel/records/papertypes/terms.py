"""Vocabulary of paper types: which rules a type may carry, and what each can say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chancery.kernel.records.setting.terms import Format

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Shape(models.TextChoices):
    """What a rule says."""

    FLAG = "FLAG", _("yes or no")
    ONE = "ONE", _("one of a list")
    SEVERAL = "SEVERAL", _("some of a list")
    PHRASES = "PHRASES", _("phrases")


class Addressees(models.TextChoices):
    """主送机关: how many main addressees a type has."""

    ONE = "ONE", _("exactly one")
    SOME = "SOME", _("one or more")
    ANY = "ANY", _("any number, or none")
    NONE = "NONE", _("none")


class Signatory(models.TextChoices):
    """签发人: when the signatory is shown on the paper."""

    UPWARD = "UPWARD", _("when it goes upward")
    ALWAYS = "ALWAYS", pgettext_lazy("when the signatory is shown", "always")
    NEVER = "NEVER", pgettext_lazy("when the signatory is shown", "never")


class Way(models.TextChoices):
    """行文方向."""

    UPWARD = "UPWARD", _("To a superior")
    DOWNWARD = "DOWNWARD", _("To subordinates")
    PARALLEL = "PARALLEL", _("To bodies of equal or no rank")
    PUBLIC = "PUBLIC", _("To the public")


class Origin(models.TextChoices):
    """Who wrote a row."""

    SHIPPED = "SHIPPED", _("the release")
    SITE = "SITE", _("this site")


@dataclass(frozen=True, slots=True)
class RuleKind:
    """A rule that a type may carry. `field`: what it is asked of; `choices`: codes and words, for lists."""

    code: str
    words: StrOrPromise
    shape: Shape
    field: str
    hint: StrOrPromise = ""
    choices: tuple[tuple[str, Any], ...] = ()


def _of(choices: type[models.TextChoices]) -> tuple[tuple[str, Any], ...]:
    return tuple(choices.choices)


RULES: dict[str, RuleKind] = {
    kind.code: kind
    for kind in (
        RuleKind("issuers", _("May be issued by"), Shape.SEVERAL, "issuer", _("Kinds of unit; none: nobody here.")),
        RuleKind("directions", _("Goes"), Shape.SEVERAL, "direction", choices=_of(Way)),
        RuleKind("formats", _("Set as"), Shape.SEVERAL, "format", choices=_of(Format)),
        RuleKind("addressees", _("Main addressees"), Shape.ONE, "main", choices=_of(Addressees)),
        RuleKind("signatory", _("Signatory shown"), Shape.ONE, "signer_post", choices=_of(Signatory)),
        RuleKind("may_request", _("May carry a request"), Shape.FLAG, "body"),
        RuleKind(
            "request_phrases",
            _("Phrases that are a request"),
            Shape.PHRASES,
            "body",
            _("One on each line. Found in the text, they are taken for a request."),
        ),
        RuleKind("one_matter", _("One matter only"), Shape.FLAG, "body"),
        RuleKind(
            "many_matters_phrases",
            _("Titles that name several matters"),
            Shape.PHRASES,
            "title",
            _("One on each line. Found in the title, they are taken for more than one matter."),
        ),
        RuleKind("copies_below", _("May be copied to subordinates"), Shape.FLAG, "copy_to"),
        RuleKind("may_be_joint", _("May be issued jointly"), Shape.FLAG, "joint_issuers"),
        RuleKind("needs_annex", _("Needs an annex"), Shape.FLAG, "annexes"),
        RuleKind(
            "answers", _("Answers"), Shape.SEVERAL, "relations", _("Codes of types; it must name what it answers.")
        ),
        RuleKind(
            "title_ends",
            _("The title ends in"),
            Shape.PHRASES,
            "title",
            _("One on each line: the title must end in one of them."),
        ),
    )
}

ACTS = {
    "paper_type.loaded": _("Paper type loaded"),
    "paper_type.corrected": _("Paper type corrected by a release"),
    "paper_type.amended": _("Paper type amended"),
    "paper_type.ended": _("Paper type ended"),
}
