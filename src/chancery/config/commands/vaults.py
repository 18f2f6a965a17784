"""`vault`: the keys of what is sealed. Rotation wraps every data key anew, in batches, while the site runs.

Interrupted, it goes on where it stopped: what is wrapped with the newest key already is passed over. Large files are
not touched: their keys lie in rows.
"""

from __future__ import annotations

from typing import Any

import psycopg
from psycopg import sql

from chancery.config.cli import Halt
from chancery.config.commands import Progress, say, upkeep

BATCH = 500
# "V1", the length of the key's id, the id (`foundations.vault`).
_KEY_OF = sql.SQL("convert_from(substring({column} from 4 for get_byte({column}, 2)), 'UTF8')")


def vault(arguments: list[str]) -> int:
    """`status` tells what is sealed with which key; `rotate` makes a new key and wraps all with it; `drop` removes
    keys that nothing is sealed with."""
    if arguments not in (["status"], ["rotate"], ["drop"]):
        raise Halt("vault takes one of status, rotate, drop")
    upkeep.set_up_django()
    with upkeep.owner_connection() as owner:
        return {"status": status, "rotate": rotate, "drop": drop}[arguments[0]](owner)


def used(owner: psycopg.Connection[Any]) -> dict[str, int]:
    """How many sealed things there are by the id of their key."""
    from chancery.foundations import vault as keys

    found: dict[str, int] = {}
    for column in keys.columns():
        question = sql.SQL(
            "select {key} as key, count(*) from {table} where octet_length({column}) > 0 group by 1"
        ).format(key=_key_of(column), table=sql.Identifier(column.table), column=sql.Identifier(column.name))
        for key_id, count in owner.execute(question).fetchall():
            found[key_id] = found.get(key_id, 0) + count
    return found


def status(owner: psycopg.Connection[Any]) -> int:
    """Each key, oldest first: how much is sealed with it, and what is wrong with it."""
    from chancery.foundations import vault as keys

    newest, counted = keys.newest_key(), used(owner)
    for key_id in sorted({*keys.key_ids(), *counted}):
        note = "writes" if key_id == newest else "reads"
        print(f"{key_id}  {counted.get(key_id, 0):>9}  {note if key_id in keys.key_ids() else 'MISSING'}")
    faults = keys.faults()
    for fault in faults:
        print(f"{fault.name}: {fault.what}")
    return 1 if faults or set(counted) - set(keys.key_ids()) else 0


def rotate(owner: psycopg.Connection[Any], *, batch: int = BATCH, at_most: int | None = None) -> int:
    """Wrap everything with the newest key. A new one is made unless an earlier rotation is not finished."""
    from chancery.foundations import vault as keys

    newest, counted = keys.newest_key(), used(owner)
    lost = set(counted) - set(keys.key_ids())
    if lost:
        raise Halt(f"the key {sorted(lost)[0]} is missing: put it back first, or what it sealed stays closed")
    unfinished = sum(count for key_id, count in counted.items() if key_id != newest)
    if unfinished:
        say(f"an earlier rotation goes on: {unfinished} left")
    else:
        newest = keys.add_key()
        say(f"the new key {newest} writes from now on")
    total = sum(count for key_id, count in used(owner).items() if key_id != newest)
    progress, done = Progress("wrapping anew"), 0
    for column in keys.columns():
        while at_most is None or done < at_most:
            wrapped = _batch(owner, column, newest, batch)
            if not wrapped:
                break
            done += wrapped
            progress(done, total, column.table)
    progress.finish(f"{done} wrapped with {newest}")
    return 0


def drop(owner: psycopg.Connection[Any]) -> int:
    """Remove keys that nothing is sealed with any more. Backups made before cannot be opened without them."""
    from chancery.foundations import vault as keys

    counted = used(owner)
    for key_id in keys.key_ids()[:-1]:
        if not counted.get(key_id):
            keys.drop_key(key_id)
            say(f"removed {key_id}: keep it in the backup of the keys as long as older backups of the data are kept")
    return 0


def _key_of(column: Any) -> sql.Composed:
    return _KEY_OF.format(column=sql.Identifier(column.name))


def _batch(owner: psycopg.Connection[Any], column: Any, newest: str, batch: int) -> int:
    """Wrap some rows of a column anew; how many. A row that somebody else writes just now is left for the next look."""
    from chancery.foundations import vault as keys

    names = {"table": sql.Identifier(column.table), "column": sql.Identifier(column.name)}
    with owner.transaction():
        rows = owner.execute(
            sql.SQL(
                "select id, ref, {column} from {table} where octet_length({column}) > 0 and {key} <> %s"
                " order by id limit %s for update skip locked"
            ).format(key=_key_of(column), **names),
            [newest, batch],
        ).fetchall()
        change = sql.SQL("update {table} set {column} = %s where id = %s").format(**names)
        with owner.cursor() as cursor:
            cursor.executemany(
                change, [(keys.rewrap(held, f"{column.context}:{ref}"), row_id) for row_id, ref, held in rows]
            )
    return len(rows)
