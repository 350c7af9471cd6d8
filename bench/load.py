"""How fast the demo world is streamed in, beside a bare COPY of the same bytes into tables without any index.

    python -m bench load [--rows 1000000]

Ours is everything: the openings made in Python, the search row with its inverted index and seven others, the posting with its
document and its keys. The peer gets the same bytes, ready, in the same transaction of the same server.
"""

import resource
import time
from datetime import UTC, datetime

from django.db import connection

from config.demo.stream import parts, send
from config.demo.world import build
from core import tenancy
from recruitment.services.fee import LawBook

NOW = datetime(2026, 11, 23, tzinfo=UTC)
OFFICES = ("hai-au-xanh", "song-lam", "huong-tram", "nusantara", "bahari", "perlas", "mihon-suisan")
GOAL = 8.0
MEMORY_GOAL = 300


def run(rows: int) -> list[dict]:
    """Rows for the table of `python -m bench`."""
    build(seed=1, now=NOW, scale=0.01, only=OFFICES)
    began, copied, bare, sent = time.perf_counter(), 0.0, 0.0, 0
    before = _memory()
    for _done, copies in parts(range(1_000, 1_000 + rows), seed=1, now=NOW, book=LawBook(), words={}):
        started = time.perf_counter()
        sent += send(copies)
        copied += time.perf_counter() - started
        bare += _bare(copies)
    whole = time.perf_counter() - began - bare
    grown = _memory() - before
    return [
        _row(f"demo stream, whole ({rows:,})", rows / whole, rows / bare, whole / bare, f"<= {GOAL:.0f}", whole / bare <= GOAL),
        _row(f"demo stream, COPY alone ({rows:,})", rows / copied, rows / bare, copied / bare, "", True),
        {
            "what": f"demo stream, memory ({rows:,}, {sent / 1e6:,.0f} MB sent)",
            "ours": f"{grown:.0f} MB more",
            "peer": "",
            "ratio": "",
            "goal": f"<= {MEMORY_GOAL} MB",
            "met": grown <= MEMORY_GOAL,
        },
    ]


def _row(what: str, ours: float, peer: float, ratio: float, goal: str, met: bool) -> dict:
    return {
        "what": what,
        "ours": f"{ours:,.0f} rows/s",
        "peer": f"{peer:,.0f} rows/s",
        "ratio": f"{ratio:.2f}",
        "goal": goal,
        "met": met,
    }


def _bare(copies) -> float:
    """Seconds for the same bytes into tables of the same columns and nothing else; they vanish at once."""
    with tenancy.publishing(), connection.cursor() as cursor:
        for part in copies:
            columns = ", ".join(part.columns)
            cursor.execute(
                f'create temporary table "bare_{part.table}" on commit drop as select {columns} from {part.table} with no data'
            )
        started = time.perf_counter()
        for part in copies:
            with cursor.copy(part.statement.replace(f"copy {part.table} ", f'copy "bare_{part.table}" ')) as copy:
                copy.write(part.data)
        return time.perf_counter() - started


def _memory() -> float:
    """The most memory this process had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
