"""Versions of a drawing, and the post round."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from django.core import mail

from chancery.foundations.actor import SYSTEM
from chancery.foundations.postgres.row_security import acting_as
from chancery.kernel.procedures import bindings, services
from chancery.kernel.procedures.definitions import queries as definitions
from chancery.kernel.procedures.matters.models import Matter
from chancery.kernel.procedures.notices.models import Mail
from chancery.kernel.procedures.tests import everything
from chancery.kernel.procedures.tests.world import NOW, World


def bring(path: Path, text: str, **changes: object) -> None:
    path.write_text(text)
    bindings.register(dataclasses.replace(everything.BINDING, bpmn=path, **changes))  # type: ignore[arg-type]  # any field, by name
    definitions.forget_plans()
    assert services.load_definitions(by=SYSTEM, at=NOW) == ["everything"]


def test_a_running_matter_stays_on_its_version_until_moved(world: World, tmp_path: Path) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)
    bring(tmp_path / "new.bpmn", everything.BPMN.read_text().replace("Sign / 签发", "Sign it / 签发文件"))
    assert services.load_definitions(by=SYSTEM, at=NOW) == []
    with acting_as(SYSTEM):
        old = Matter.objects.get(pk=matter.pk).definition_id
    dry = services.migrate_matters(code="everything", dry_run=True, by=SYSTEM, at=NOW)
    assert [(row.matter_id, row.can, row.why) for row in dry] == [(matter.pk, True, "")]
    with acting_as(SYSTEM):
        assert Matter.objects.get(pk=matter.pk).definition_id == old
    services.migrate_matters(code="everything", dry_run=False, by=SYSTEM, at=NOW)
    with acting_as(SYSTEM):
        assert Matter.objects.get(pk=matter.pk).definition_id != old
    assert services.migrate_matters(code="everything", by=SYSTEM, at=NOW) == []
    world.do(matter, "check", "PASS", world.registrar)


def test_a_matter_whose_step_is_gone_cannot_be_moved(world: World, tmp_path: Path) -> None:
    matter = world.open()
    world.do(matter, "draft", "SENT", world.clerk)
    text = everything.BPMN.read_text().replace('"check"', '"proof"').replace(">check<", ">proof<")
    text = text.replace("check in (", "proof in (")
    steps = {("proof" if code == "check" else code): step for code, step in everything.BINDING.steps.items()}
    bring(tmp_path / "new.bpmn", text, steps=steps)
    rows = services.migrate_matters(code="everything", dry_run=False, by=SYSTEM, at=NOW)
    assert [(row.can, row.why) for row in rows] == [(False, "check is not in the current drawing")]
    with acting_as(SYSTEM):
        assert world.waiting(matter) == ["check", "countersign", "countersign"]


def test_the_digest_is_written_once_a_day_and_sent(world: World) -> None:
    world.open()
    world.open()
    assert services.write_digests(by=SYSTEM, at=NOW) == 2  # both clerks
    services.write_digests(by=SYSTEM, at=NOW)
    with acting_as(SYSTEM):
        assert Mail.objects.count() == 2
        assert "/inbox/" in Mail.objects.order_by("id")[0].text
    assert services.send_mails(by=SYSTEM, at=NOW) == 2
    assert len(mail.outbox) == 2


def test_what_cannot_wait_is_mailed_to_whoever_holds_the_post(world: World) -> None:
    world.open(urgency="EXTRA_URGENT")
    assert services.write_mails(by=SYSTEM, at=NOW) == 2
    assert services.write_mails(by=SYSTEM, at=NOW) == 0
    with acting_as(SYSTEM):
        assert set(Mail.objects.values_list("to_email", flat=True)) == {"clerk@example.test", "clerk_too@example.test"}
