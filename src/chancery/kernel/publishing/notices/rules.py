"""Who writes, who looks through, what a notice must hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from chancery.foundations.actor import Actor
from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.access.rules import holds_role
from chancery.kernel.publishing.notices.terms import (
    EDITOR,
    LONGEST_PARAGRAPH,
    LONGEST_TITLE,
    MOST_PARAGRAPHS,
    REVIEWER,
    SAFE,
    UNSAFE_ENDINGS,
    ItemVerdict,
    NoticeState,
)


def may_write(by: Actor, unit_id: int | None = None) -> Verdict:
    """A notice editor, of that unit when one is named."""
    return holds_role(by, EDITOR, unit_id)


def may_look(by: Actor) -> Verdict:
    """Editors and reviewers."""
    held = holds_role(by, EDITOR, None)
    return held if held else holds_role(by, REVIEWER, None)


def paragraphs(text: str) -> list[str]:
    """A text's paragraphs: what blank lines part."""
    blocks = text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n")
    return [block.strip() for block in blocks if block.strip()]


def items(title: tuple[str, str], text: tuple[str, str]) -> list[tuple[str, str]]:
    """What is looked through one by one, in both languages: the title, then each paragraph."""
    return [title, *zip_longest(paragraphs(text[0]), paragraphs(text[1]), fillvalue="")]


def is_notice(title: tuple[str, str], text: tuple[str, str]) -> Verdict:
    """Whole in both languages, and no longer than one reads."""
    for words, field in zip(title, ("title_en", "title_zh"), strict=True):
        if not words.strip():
            return no(_("A notice has a title in both languages."), field=field)
        if len(words) > LONGEST_TITLE:
            return no(_("A title has at most %(n)s characters.") % {"n": LONGEST_TITLE}, field=field)
    for words, field in zip(text, ("text_en", "text_zh"), strict=True):
        found = paragraphs(words)
        if not found:
            return no(_("A notice has a text in both languages."), field=field)
        if len(found) > MOST_PARAGRAPHS or max(map(len, found)) > LONGEST_PARAGRAPH:
            return no(
                _("A notice has at most %(n)s paragraphs of %(most)s characters.")
                % {"n": MOST_PARAGRAPHS, "most": LONGEST_PARAGRAPH},
                field=field,
            )
    if len(paragraphs(text[0])) != len(paragraphs(text[1])):
        return no(
            _("Both languages have the same number of paragraphs, so that they are looked through side by side."),
            field="text_zh",
        )
    return yes()


def is_safe(name: str, media_type: str) -> Verdict:
    """Of a kind that goes out."""
    ending = name.rpartition(".")[2].lower()
    for kind in SAFE:
        if kind.name == media_type and ending in kind.endings and ending not in UNSAFE_ENDINGS:
            return yes()
    return no(
        _("Files of this kind do not go out to the public. Attach it as PDF, OFD, PNG, JPEG, TXT or CSV."), field="file"
    )


def is_titled(titles: tuple[str, str]) -> Verdict:
    """What the attachment is, in both languages."""
    for words, field in zip(titles, ("title_en", "title_zh"), strict=True):
        if not words.strip():
            return no(_("Say in both languages what the attachment is."), field=field)
        if len(words) > LONGEST_TITLE:
            return no(_("A title has at most %(n)s characters.") % {"n": LONGEST_TITLE}, field=field)
    return yes()


def has_room(size: int, held: int, *, most: int, most_mb: int) -> Verdict:
    """Neither too large nor one too many."""
    if held >= most:
        return no(
            ngettext(
                "A notice has at most %(n)s attachment.", "A notice has at most %(n)s attachments.", most
            ) % {"n": most},
            field="file",
        )  # fmt: skip
    if size > most_mb * 1024 * 1024:
        return no(_("The file is larger than %(most)s MB.") % {"most": most_mb}, field="file")
    return yes()


def is_draft(state: str) -> Verdict:
    """Only a draft is changed or sent to review."""
    return yes() if state == NoticeState.DRAFT else no(_("Only a draft is changed."))


def not_the_maker(by: Actor, made_person_id: int) -> Verdict:
    """Whoever wrote it does not clear it."""
    return no(_("Another person than the writer looks it through.")) if by.person_id == made_person_id else yes()


def is_cleared(verdicts: Sequence[str]) -> Verdict:
    """Every item, one by one."""
    left = sum(1 for verdict in verdicts if verdict != ItemVerdict.CLEARED)
    if not left and verdicts:
        return yes()
    return no(
        ngettext(
            "%(n)s item is not cleared. A notice goes out when every one of its items may.",
            "%(n)s items are not cleared. A notice goes out when every one of its items may.",
            left,
        )
        % {"n": left}
    )


def are_verdicts(given: Mapping[int, tuple[str, str]], item_ids: Sequence[int], *, prefix: str = "") -> Verdict:
    """One for every item; what may not go out says why. `prefix`: of the fields' names."""
    if set(given) != set(item_ids):
        return no(_("Say of every item whether it may go out."))
    for key, (verdict, reason) in given.items():
        if verdict not in ItemVerdict.values:
            return no(_("Say of every item whether it may go out."), field=f"{prefix}verdict_{key}")
        if verdict == ItemVerdict.HELD and not reason.strip():
            return no(_("Say why this may not go out."), field=f"{prefix}reason_{key}")
    return yes()


def may_withdraw(state: str, reason: str) -> Verdict:
    """What is out is taken back, with a reason that stays in the house."""
    if state != NoticeState.PUBLISHED:
        return no(_("Only a published notice is taken back."))
    return yes() if reason.strip() else no(_("Say why the notice is taken back."), field="reason")
