"""The certificate of destruction as PDF/A, Chinese beside English whatever the reader's language: it is one record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from chancery.foundations import typeset
from chancery.kernel.records.disposal.models import AppraisalList, DestructionCertificate, DisposalAct
from chancery.kernel.records.disposal.terms import ActKind
from chancery.kernel.records.fileplan.models import PlanClass

TEMPLATE = Path(__file__).resolve().parents[2] / "templates/records/disposal/certificate.typ"
Item = tuple[str, str, str, int]  # code, title, class, year


def paper_of(certificate: DestructionCertificate, of: AppraisalList, items: Sequence[Item]) -> bytes:
    """The paper: what was destroyed in figures and item by item, by which decision, before whom."""
    data = {
        "code": certificate.code,
        "zh": _said("zh-hans", certificate, of),
        "en": _said("en", certificate, of),
        "totals": _totals(certificate, of),
        "items": [[code, title, class_code, str(year)] for code, title, class_code, year in sorted(items)],
        "item_count": certificate.item_count,
        "file_count": certificate.file_count,
        "names": _names(certificate, of),
        "hashes": [certificate.list_hash, certificate.items_hash],
    }
    return typeset.pdf(TEMPLATE, data, language="zh")


def _said(language: str, certificate: DestructionCertificate, of: AppraisalList) -> dict[str, object]:
    """The fixed words and the facts in one language."""
    when = timezone.localtime(certificate.destroyed_at)
    with translation.override(language):
        return {
            "heading": _("Certificate of destruction"),
            "body": _(
                "By appraisal list %(list)s, decided on %(approved)s, the items below were destroyed at %(when)s. Their"
                " periods had run out and no hold kept any of them at that moment. Numbers, stubs and journal remain."
            )
            % {
                "list": of.code,
                "approved": timezone.localtime(of.approved_at).date().isoformat() if of.approved_at else "",
                "when": f"{when:%Y-%m-%d %H:%M}",
            },
            "fonds": f"{of.fonds.code} {of.fonds.name_zh if language.startswith('zh') else of.fonds.name_en}",
            "words": {
                "fonds": _("Fonds"),
                "totals": _("Totals by class and year"),
                "class": _("Class"),
                "year": _("Year"),
                "items": _("Items"),
                "files": _("Files"),
                "sum": _("Total"),
                "list": _("Destroyed item by item"),
                "code": _("Archival code"),
                "title": _("Title"),
                "names": _("Names"),
                "hash_list": _("Hash of the approved list (SHA-256)"),
                "hash_items": _("Hash of the items and their files (SHA-256)"),
            },
        }


def _totals(certificate: DestructionCertificate, of: AppraisalList) -> list[list[str]]:
    codes = {one["class_code"] for one in certificate.totals}
    named = {
        code: (zh, en)
        for code, zh, en in PlanClass.objects.filter(plan__fonds=of.fonds_id, code__in=codes)
        .order_by("plan__number")
        .values_list("code", "name_zh", "name_en")
    }
    return [
        [
            one["class_code"],
            *named.get(one["class_code"], ("", "")),
            str(one["year"]),
            str(one["items"]),
            str(one["files"]),
        ]
        for one in certificate.totals
    ]


def _names(certificate: DestructionCertificate, of: AppraisalList) -> list[list[str]]:
    """[part in Chinese, part in English, name, when] of everybody whose name the destruction rests on."""
    signed = DisposalAct.objects.filter(list=of).select_related("person").order_by("id")
    # Who signed a version that was changed later is not one of them, nor a confirmation that was given anew.
    last = {(one.act, one.person_id): one for one in signed if one.act in _AT_DESTRUCTION or one.what == of.frozen_hash}
    wanted = {(ActKind.DESTROYER, certificate.destroyer_id), (ActKind.SUPERVISOR, certificate.supervisor_id)}
    found = []
    for kind in ActKind:
        for (act, person_id), one in last.items():
            if act != kind or (act in _AT_DESTRUCTION and (kind, person_id) not in wanted):
                continue
            with translation.override("zh-hans"):
                chinese = str(kind.label)
            with translation.override("en"):
                english = str(kind.label)
            name = " ".join(dict.fromkeys(filter(None, (one.person.name_zh, one.person.name_en))))
            found.append([chinese, english, name, f"{timezone.localtime(one.at):%Y-%m-%d %H:%M}"])
    return found


_AT_DESTRUCTION = (ActKind.DESTROYER, ActKind.SUPERVISOR)
