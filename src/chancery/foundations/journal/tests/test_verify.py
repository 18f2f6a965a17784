"""Every kind of tampering is found and named, by a verifier that knows nothing of the application."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import transaction

from chancery.foundations.journal import command, verify
from chancery.foundations.journal.tests.history import LETTER, MINUTES, MONDAY, SEALS, Hands, write

Story = dict[str, list[int]]


def test_an_untouched_history_is_in_order(story: Story, hands: Hands, sealed: Callable[[], None]) -> None:
    assert hands.found() == []
    sealed()
    assert hands.found() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("act", "letter.burned"),
        ("data", '{"note": "不办", "amount": 1.1}'),
        ("at", "2026-11-15T00:00:00Z"),
        ("recorded_at", "2026-11-15T00:00:00Z"),
        ("day", "2026-11-15"),
        ("kind", "SYSTEM"),
        ("account_id", 2),
        ("person_id", 12),
        ("post_id", None),
        ("body_id", 6),
        ("deputising_for", 9),
        ("person_name", "唐薇"),
        ("post_title", ""),
        ("body_name", "Party Committee"),
        ("guard_id", 3),
        ("label", 0),
        ("witness_id", 1),
        ("witness_hash", b"\1" * 32),
        ("seal_day", "2026-11-15"),
        ("seal_digest", b"\1" * 32),
        ("canonical", "{}"),
        ("canonical", "not json"),
    ],
)
def test_a_changed_column_is_named(story: Story, hands: Hands, column: str, value: object) -> None:
    third = story[LETTER][2]
    hands.do(f"update journal_entry set {column} = %s where id = %s", value, third)
    (finding, *more) = hands.findings()
    assert (finding.what, finding.subject, finding.seq, finding.id) == ("changed", LETTER, 3, third)
    assert (f"column {column} is" in finding.how) or column == "canonical"
    # A false witness or seal is seen from the other side too.
    assert all(one.what in {"changed", "seal", "removed"} for one in more)
    assert not more or column.startswith(("witness", "seal"))


def test_the_same_number_written_otherwise_is_no_change(story: Story, hands: Hands) -> None:
    third = story[LETTER][2]
    hands.do("""update journal_entry set data = '{"amount": 1.10, "note": "照办"}' where id = %s""", third)
    assert hands.found() == []


def test_a_rewritten_hash_is_named(story: Story, hands: Hands) -> None:
    third = story[LETTER][2]
    hands.do("update journal_entry set hash = sha256('x') where id = %s", third)
    assert hands.found() == [("changed", LETTER, 3, third)]


def test_a_rewritten_previous_hash_is_named(story: Story, hands: Hands) -> None:
    third = story[LETTER][2]
    hands.do("update journal_entry set previous_hash = sha256('x') where id = %s", third)
    assert hands.found() == [("changed", LETTER, 3, third)]


def test_an_entry_changed_with_its_hash_is_named(story: Story, hands: Hands) -> None:
    third = story[LETTER][2]
    hands.do("update journal_entry set act = 'letter.burned' where id = %s", third)
    hands.rehash(third)
    assert hands.found() == [("changed", LETTER, 3, third)]


def test_the_first_entry_changed_with_its_hash_is_named(story: Story, hands: Hands) -> None:
    first = story[LETTER][0]
    hands.do("update journal_entry set act = 'letter.burned' where id = %s", first)
    hands.rehash(first)
    assert hands.found() == [("changed", LETTER, 1, first)]


def test_the_last_entry_changed_with_its_hash_does_not_fit_the_head(story: Story, hands: Hands) -> None:
    last = story[LETTER][-1]
    hands.do("update journal_entry set act = 'letter.burned' where id = %s", last)
    hands.rehash(last)
    assert hands.found() == [("head", LETTER, 5, last)]


def test_an_entry_changed_with_its_hash_and_head_is_known_to_its_witness(story: Story, hands: Hands) -> None:
    only = story[SEALS][0]
    hands.do("update journal_entry set act = 'seal.lost' where id = %s", only)
    hands.rehash(only)
    hands.do(
        "update journal_head set hash = (select hash from journal_entry where id = %s) where subject = %s", only, SEALS
    )
    assert hands.found() == [("changed", SEALS, 1, only)]


@pytest.mark.parametrize("place", [1, 2, 3, 4, 5])
def test_a_removed_entry_is_named(story: Story, hands: Hands, place: int) -> None:
    gone = story[LETTER][place - 1]
    hands.do("delete from journal_entry where id = %s", gone)
    assert hands.found() == [("removed", LETTER, place, gone)]


def test_removed_neighbours_are_named_by_place(story: Story, hands: Hands) -> None:
    gone = story[LETTER][1:3]
    hands.do("delete from journal_entry where id = any(%s)", gone)
    # The one entry that had seen the first of the two is the second.
    assert hands.found() == [("removed", LETTER, 2, None), ("removed", LETTER, 3, gone[1])]


def test_a_removal_hidden_by_numbering_anew_is_found(story: Story, hands: Hands) -> None:
    gone = story[LETTER][2]
    hands.do("delete from journal_entry where id = %s", gone)
    hands.do("update journal_entry set seq = seq - 1 where subject = %s and seq > 3", LETTER)
    hands.do("update journal_head set seq = seq - 1 where subject = %s", LETTER)
    assert hands.found() == [
        ("head", LETTER, 4, story[LETTER][-1]),
        ("removed", LETTER, 3, gone),
        ("renumbered", LETTER, 3, story[LETTER][3]),
    ]


def test_a_removed_chain_is_named_by_its_head(story: Story, hands: Hands) -> None:
    hands.do("delete from journal_entry where subject = %s", MINUTES)
    assert hands.found() == [
        ("removed", MINUTES, 1, None),
        ("removed", MINUTES, 2, story[MINUTES][1]),
        ("removed", "", None, story[MINUTES][0]),
    ]


def test_a_chain_removed_with_its_head_is_known_to_its_witnesses(story: Story, hands: Hands) -> None:
    hands.do("delete from journal_entry where subject = %s", MINUTES)
    hands.do("delete from journal_head where subject = %s", MINUTES)
    assert hands.found() == [("removed", "", None, story[MINUTES][0]), ("removed", "", None, story[MINUTES][1])]


def test_a_chain_removed_with_its_head_is_known_to_the_seal(
    story: Story, hands: Hands, sealed: Callable[[], None]
) -> None:
    sealed()
    hands.do("delete from journal_entry where subject = %s", SEALS)
    hands.do("delete from journal_head where subject = %s", SEALS)
    hands.do("update journal_entry set witness_id = null, witness_hash = null where witness_id = %s", story[SEALS][0])
    assert ("removed", "", None, story[SEALS][0]) in hands.found()


def test_an_entry_put_between_two_is_named(story: Story, hands: Hands) -> None:
    second = hands.row(story[LETTER][1])
    hands.do("alter table journal_entry drop constraint journal_entry_one_per_place")
    forged = hands.forge(story[LETTER][2], id=9001, seq=3, act="letter.lost", previous_hash=second["hash"])
    assert hands.found() == [("inserted", LETTER, 3, forged)]


def test_an_entry_put_between_two_with_numbers_moved_on_is_named(story: Story, hands: Hands) -> None:
    second = hands.row(story[LETTER][1])
    for entry_id in reversed(story[LETTER][2:]):
        hands.do("update journal_entry set seq = seq + 1 where id = %s", entry_id)
    forged = hands.forge(story[LETTER][1], id=9001, seq=3, act="letter.lost", previous_hash=second["hash"])
    hands.do("update journal_head set seq = seq + 1 where subject = %s", LETTER)
    found = hands.found()
    assert ("inserted", LETTER, 3, forged) in found
    assert ("renumbered", LETTER, 4, story[LETTER][2]) in found
    assert {what for what, *_ in found} == {"inserted", "renumbered", "head"}


def test_an_entry_put_at_the_end_is_named(story: Story, hands: Hands) -> None:
    last = hands.row(story[LETTER][-1])
    forged = hands.forge(story[LETTER][-1], id=9001, seq=6, act="letter.lost", previous_hash=last["hash"])
    assert hands.found() == [("inserted", LETTER, 6, forged)]


def test_an_entry_put_on_a_sealed_day_is_named(story: Story, hands: Hands, sealed: Callable[[], None]) -> None:
    sealed()
    last = hands.row(story[LETTER][-1])
    forged = hands.forge(story[LETTER][-1], id=9001, seq=6, act="letter.lost", previous_hash=last["hash"])
    hands.do(
        "update journal_head set seq = 6, entry_id = 9001, hash = (select hash from journal_entry where id = 9001)"
        " where subject = %s",
        LETTER,
    )
    assert hands.found() == [("inserted", LETTER, 6, forged)]


def test_a_chain_made_up_on_a_sealed_day_is_named(story: Story, hands: Hands, sealed: Callable[[], None]) -> None:
    sealed()
    forged = hands.forge(story[SEALS][0], id=9001, subject="test.letter:2")
    hands.do("insert into journal_head select subject, seq, hash, id from journal_entry where id = 9001")
    assert hands.found() == [("inserted", "test.letter:2", 1, forged)]


def test_entries_that_changed_places_are_named(story: Story, hands: Hands) -> None:
    second, third = story[LETTER][1:3]
    hands.do("update journal_entry set seq = 99 where id = %s", second)
    hands.do("update journal_entry set seq = 2 where id = %s", third)
    hands.do("update journal_entry set seq = 3 where id = %s", second)
    assert hands.found() == [("reordered", LETTER, 2, third), ("reordered", LETTER, 3, second)]


def test_an_entry_moved_to_another_subject_is_named_in_both(story: Story, hands: Hands) -> None:
    last = story[LETTER][-1]
    hands.do("update journal_entry set subject = %s, seq = 3 where id = %s", MINUTES, last)
    assert hands.found() == [("removed", LETTER, 5, last), ("moved", MINUTES, 3, last)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("seq = 7", ("head", LETTER, 7)),
        ("seq = 3", ("head", LETTER, 3)),
        ("hash = sha256('x')", ("head", LETTER, 5)),
        ("entry_id = 1", ("head", LETTER, 5)),
    ],
)
def test_an_altered_head_is_named(story: Story, hands: Hands, change: str, expected: tuple[str, str, int]) -> None:
    hands.do(f"update journal_head set {change} where subject = %s", LETTER)
    assert expected in [found[:3] for found in hands.found()]


def test_a_removed_head_is_named(story: Story, hands: Hands) -> None:
    hands.do("delete from journal_head where subject = %s", LETTER)
    assert hands.found() == [("head", LETTER, 5, None)]


@pytest.mark.parametrize(
    "change",
    [
        "count = count + 1",
        "ids = '{[1,3)}'",
        "root = sha256('x')",
        "previous_digest = sha256('x')",
        "sealed_at = sealed_at + interval '1 second'",
        "digest = sha256('x')",
    ],
)
def test_an_altered_seal_is_named(story: Story, hands: Hands, sealed: Callable[[], None], change: str) -> None:
    sealed()
    hands.do(f"update journal_seal set {change}")
    findings = hands.findings()
    assert ("seal", "", None, None) in [(one.what, one.subject, one.seq, one.id) for one in findings]
    assert any("2026-11-16" in one.how for one in findings if one.what == "seal")


def test_a_removed_seal_is_named(story: Story, hands: Hands, sealed: Callable[[], None]) -> None:
    sealed()
    hands.do("delete from journal_seal")
    (finding,) = hands.findings()
    assert finding.how.startswith("the seal of 2026-11-16 is gone")


def test_a_seal_removed_between_two_is_named(story: Story, hands: Hands, sealed: Callable[[], None]) -> None:
    sealed()
    for day in (17, 18):
        hands.seal(dt.date(2026, 11, day))
    assert hands.found() == []
    hands.do("delete from journal_seal where day = '2026-11-17'")
    assert "seals between 2026-11-16 and 2026-11-18 are gone" in [one.how for one in hands.findings()]


def test_a_whole_history_written_anew_does_not_pass_the_published_seals(
    story: Story, hands: Hands, sealed: Callable[[], None]
) -> None:
    sealed()
    line = verify.seal_line(*hands.connection.execute("select day, count, digest from journal_seal").fetchone())
    published = verify.read_published([line])
    assert hands.found(published=published) == []
    assert [one.how for one in hands.findings(published={"2026-11-16": (9, "00" * 32)})] == [
        "the seal of 2026-11-16 is not the published one"
    ]
    assert [one.how for one in hands.findings(published={"2026-11-15": (9, "00" * 32)})] == [
        "the seal of 2026-11-15 was published; it is gone"
    ]


def test_the_file_runs_alone(committed_story: Story, committed_hands: Hands, tmp_path: Path) -> None:
    """A copy of the file, an isolated interpreter, the web role's address: nothing of Chancery on the path."""
    alone = tmp_path / "verify.py"
    alone.write_bytes(Path(verify.__file__).read_bytes())
    arguments = [sys.executable, "-I", str(alone), command.own_address()]
    clean = subprocess.run(arguments, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (clean.returncode, clean.stdout) == (0, "8 entries in 3 chains, 0 seals, 0 findings\n")
    committed_hands.do("update journal_entry set act = 'letter.burned' where id = %s", committed_story[LETTER][0])
    found = subprocess.run(arguments, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert found.returncode == 1
    assert found.stdout.startswith(f"CHANGED {LETTER} seq 1 id {committed_story[LETTER][0]}: column act is")
    unreachable = subprocess.run([*arguments[:3], "host=/nowhere"], capture_output=True, text=True, check=False)
    assert unreachable.returncode == 2


def test_the_command_checks_the_own_database(committed_story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["verify"]) == 0
    assert capsys.readouterr().out == "8 entries in 3 chains, 0 seals, 0 findings\n"
    assert command.main(["seal", "--day", "2026-11-16"]) == 0
    line = capsys.readouterr().out
    assert line.startswith("journal 2026-11-16 entries=8 seal=")
    assert command.main(["seals"]) == 0
    assert capsys.readouterr().out == line


def test_entries_of_a_rolled_back_act_leave_no_trace(committed_story: Story, committed_hands: Hands) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write(LETTER, "letter.lost", at=MONDAY)
        raise ZeroDivisionError
    write(LETTER, "letter.reopened", at=MONDAY)
    assert committed_hands.found() == []
