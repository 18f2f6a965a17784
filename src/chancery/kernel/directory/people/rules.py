"""How a name is sorted and found, and when a second person of one name may be added."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chancery.foundations.verdict import Verdict, no, yes
from chancery.kernel.directory.finding.rules import as_vector, name_keys_of, syllables_of, words_of


@dataclass(frozen=True, slots=True)
class NameKeys:
    """`sort_key`: pinyin, spaced. `initials`: first letters. `keys`: a tsvector literal."""

    sort_key: str
    initials: str
    keys: str


def name_keys(name_en: str, name_zh: str) -> NameKeys:
    """How a name sorts and is found.

    Surname first, as the directory writes romanised names: "Wang Yanhu" is found by wang, yanhu, wangyanhu and wy.
    The Chinese name, where known, has more syllables than the romanised one has words: it adds wyh, and sorts.
    """
    letters = syllables_of(name_zh) or words_of(name_en)
    return NameKeys(
        sort_key=" ".join(letters)[:240] or name_zh,
        initials="".join(part[0] for part in letters)[:40],
        keys=as_vector(name_keys_of(name_en, name_zh)),
    )


def is_known_apart(namesakes: int, is_namesake: bool) -> Verdict:
    """Nobody of that name is there yet, or the editor says it is somebody else."""
    if is_namesake or not namesakes:
        return yes()
    return no(
        _("Somebody of this name is in the directory already. Say so if this is another person."), field="is_namesake"
    )
