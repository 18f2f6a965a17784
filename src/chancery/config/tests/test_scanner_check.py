"""What the site check says of the virus scanner."""

from __future__ import annotations

from chancery.config.commands import checks
from chancery.departments.general_office.archives.handover.scanner.tests.daemon import daemon


def test_the_site_check_mentions_it(settings) -> None:
    settings.CLAMD = ""
    [lack] = list(checks._scanner())
    assert not lack.grave and "CHANCERY_CLAMD" in lack.do
    settings.CLAMD = "127.0.0.1:1"
    [lack] = list(checks._scanner())
    assert lack.grave and "does not answer" in lack.says
    with daemon() as (settings.CLAMD, _heard):
        assert list(checks._scanner()) == []


def test_an_address_that_is_neither_host_nor_socket_is_grave(settings) -> None:
    settings.CLAMD = "nowhere"
    [lack] = list(checks._scanner())
    assert lack.grave and "neither" in lack.says
