"""The public door under a flood: the inbox of somebody at work, with and without it, in turns within one run.

One web worker of two threads serves all. The inbox is fetched at an even pace for some seconds with nothing else,
then for as long while petitions are sent, and so on in turns; medians are of all quiet and all loud turns.

`petition_flood`: one place sends 10,000 petitions a minute, far past the published figure; `ratio` is the inbox's
median under it to the quiet one (target 1.5), `rows` the sendings. `petition_flood_served`: of the petitions that other
places send meanwhile, their computation done, the share that is received (1 = all); `rows` how many.
`petition_rate`: petitions received a second from many places at once, beside the same inbox, each with its computation
(done before, as browsers do it elsewhere); `ratio` is the inbox's median meanwhile to the quiet one, `rows` a second.
"""

from __future__ import annotations

import html
import http.client
import multiprocessing
import re
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from bench import _matters
from bench.frame import Row, Timing, site, summed

TURNS, SECONDS, PACE = 4, 5.0, 0.1  # an inbox every tenth of a second
A_MINUTE = 10_000
PLACES, ELSEWHERE = 120, 12
WORDS = {
    "kind": "APPEAL", "request": "Please look at it again.", "facts": "It was decided unheard.", "reasons": "",
    "subject_unit": "", "field": "awards", "region": "", "group_size": "1", "who": "anonymous",
}  # fmt: skip


def run() -> Iterator[Row]:
    """Three rows."""
    with site() as home:
        cast = _matters.people()
        _matters.generate(cast, 10_000)
        with _matters.web(home) as port:
            person = _matters.Person(port, cast.handler)
            page = lambda: person.get("/inbox/")  # noqa: E731 - one call, named for the turns
            prepared = [_prepared(port, f"127.0.{1 + n // 200}.{1 + n % 200}") for n in range(PLACES + ELSEWHERE)]
            quiet, loud, sent, served = _flooded(port, page, prepared[PLACES:])
            yield Row("petition_flood", loud.p50, loud.p95, quiet.p50, loud.p50 / quiet.p50, 1.5, sent)
            yield Row("petition_flood_served", None, None, None, served / ELSEWHERE, 1, ELSEWHERE)
            quiet, loud, rate = _rated(port, page, prepared[:PLACES])
            yield Row("petition_rate", loud.p50, loud.p95, quiet.p50, loud.p50 / quiet.p50, None, round(rate))


# --- Turns -----------------------------------------------------------------------------------------------------------
def _paced(page: Callable[[], object], seconds: float) -> list[float]:
    """Milliseconds of the page, fetched at an even pace."""
    taken, began = [], time.perf_counter()
    for place in range(int(seconds / PACE)):
        time.sleep(max(0.0, began + place * PACE - time.perf_counter()))
        start = time.perf_counter()
        page()
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def _flooded(port: int, page: Callable[[], object], elsewhere: list[dict[str, str]]) -> tuple[Timing, Timing, int, int]:
    context = multiprocessing.get_context("fork")
    loud_now, over, sent = context.Event(), context.Event(), context.Value("i", 0)
    flood = context.Process(target=_flood, args=(port, loud_now, over, sent), daemon=True)
    flood.start()
    quiet: list[float] = []
    loud: list[float] = []
    served, each = 0, -(-len(elsewhere) // TURNS)
    loud_now.set()
    time.sleep(2)  # the place is past the published figure
    for turn in range(TURNS):
        loud_now.clear()
        time.sleep(0.5)
        quiet += _paced(page, SECONDS)
        loud_now.set()
        time.sleep(0.5)
        before = len(loud)
        loud += _paced(page, SECONDS)
        assert len(loud) > before
        served += sum(_send(port, one) for one in elsewhere[turn * each : (turn + 1) * each])
    over.set()
    loud_now.set()
    flood.join()
    return summed(quiet), summed(loud), sent.value, served


def _flood(port: int, loud_now: Any, over: Any, sent: Any) -> None:
    """One place: the same form, without an answer to the computation, as fast as 10,000 a minute."""
    body, headers = _body({**WORDS, "send_token": uuid.uuid4().hex, "proof": "x"})
    connection = http.client.HTTPConnection("127.0.0.1", port, source_address=("127.0.9.9", 0))
    while not over.is_set():
        loud_now.wait()
        began = time.perf_counter()
        try:
            connection.request("POST", "/petitions/send/", body, headers)
            connection.getresponse().read()
        except (OSError, http.client.HTTPException):
            connection.close()
        sent.value += 1
        time.sleep(max(0.0, began + 60 / A_MINUTE - time.perf_counter()))


def _rated(port: int, page: Callable[[], object], prepared: list[dict[str, str]]) -> tuple[Timing, Timing, float]:
    quiet = _paced(page, SECONDS)
    context = multiprocessing.get_context("fork")
    ready, taken = context.Barrier(2), context.Value("d", 0.0)
    sender = context.Process(target=_send_all, args=(port, prepared, ready, taken), daemon=True)
    sender.start()
    ready.wait()
    loud = []
    while sender.is_alive():
        loud += _paced(page, PACE)
    sender.join()
    if sender.exitcode:
        raise RuntimeError("a petition was not received")
    return summed(quiet), summed(loud), len(prepared) / taken.value


def _send_all(port: int, prepared: list[dict[str, str]], ready: Any, taken: Any) -> None:
    ready.wait()
    began = time.perf_counter()
    received = sum(_send(port, one) for one in prepared)
    taken.value = time.perf_counter() - began
    if received != len(prepared):
        raise RuntimeError(f"{received} of {len(prepared)} were received")


# --- One petition ----------------------------------------------------------------------------------------------------
def _body(form: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    token = "b" * 32
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={token}"}
    return urlencode({"csrfmiddlewaretoken": token, **form}).encode(), headers


def _post(port: int, place: str, path: str, form: dict[str, str]) -> tuple[int, str]:
    body, headers = _body(form)
    connection = http.client.HTTPConnection("127.0.0.1", port, source_address=(place, 0))
    connection.request("POST", path, body, headers)
    answer = connection.getresponse()
    said = answer.read().decode()
    connection.close()
    return answer.status, said


def _prepared(port: int, place: str) -> dict[str, str]:
    """A petition written from a place and read through, its computation done: it need only be sent."""
    status, said = _post(port, place, "/petitions/write/appeal/", {**WORDS, "step": "check"})
    assert status == 200, (status, said[:2000])
    given = {name: _field(said, name) for name in ("send_token", "proof")}
    return {"place": place, **WORDS, **given, "proof_answer": _computed(said)}


def _field(said: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', said)
    assert found, name
    return html.unescape(found[1])


def _computed(said: str) -> str:
    from chancery.foundations.web import proof

    nonce, bits = re.search(r'data-nonce="([^"]+)"', said), re.search(r'data-bits="(\d+)"', said)
    assert nonce and bits
    found = []
    for part in range(proof.PARTS):
        counter = 0
        while proof._zero_bits(f"{nonce[1]}:{part}:{counter}") < int(bits[1]):
            counter += 1
        found.append(str(counter))
    return ",".join(found)


def _send(port: int, prepared: dict[str, str]) -> bool:
    """Whether a petition came in: its answer is the receipt."""
    form = {key: value for key, value in prepared.items() if key != "place"}
    status, said = _post(port, prepared["place"], "/petitions/send/", form)
    return status in (200, 302) and (status == 302 or "petition-code" in said)
