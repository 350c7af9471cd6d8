"""Goal P11: the openings of one organization as CSV, as a worker makes it, beside COPY of the same question piped through csv.

Counted is processor time (this process and its PostgreSQL session), so that the ratio does not depend on what else the machine does;
and the most memory that was used above the process that had made a small report before.
"""

import csv
import io
import os
import resource
import tempfile
import time
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.utils import timezone

COPIED = """
    copy (
        select o.code, v.occupation_id, o.state, v.number, v.state, v.programme_id, v.employer_name, v.prefecture_id, v.origin_id,
            v.places, o.places_filled, v.wage_base, v.wage_currency, v.take_home_jpy, v.total_home, v.home_currency,
            v.total_at_least, v.months_of_pay, o.published_at, o.closed_at
        from recruitment_joborderversion v join recruitment_joborder o on o.id = v.job_order_id
        where v.organization_id = %s order by v.job_order_id
    ) to stdout (format csv)
"""
PAGE = os.sysconf("SC_PAGE_SIZE")


def run(rows: int) -> list[dict]:
    """One export of `rows` openings, from the question to the sealed file."""
    from reports import catalogue
    from reports.services import ticking
    from tests.factories.organizations import a_member, an_organization
    from tests.factories.reports import ask, made

    settings.MEDIA_ROOT = tempfile.mkdtemp(prefix="bench-reports-")
    ticking.MAKE_SECONDS = 3600  # the clock of the worker is no part of this measurement
    ticking.Ticker.__init__.__kwdefaults__["seconds"] = 3600
    member = a_member(an_organization("bench-agency"), "owner")
    fill(member, 1_000, begin=0)
    assert made(ask(member, parameters={"warm": 1})).state == "done"
    fill(member, rows - 1_000, begin=1_000)
    idle, before, begun = _memory(), _processor(), time.monotonic()
    job = made(ask(member, parameters={"warm": 2}))
    ours, wall = _processor() - before, time.monotonic() - begun
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 - idle
    assert (job.state, job.rows) == ("done", rows), (job.state, job.error, job.rows)
    before = _processor()
    lines = _copied(member)
    peer = _processor() - before
    assert lines == rows
    share = peer / ours
    return [
        _row("P11 export of openings, CSV, processor time", f"{ours:.1f} s ({wall:.0f} s by the clock)", f"{peer:.1f} s COPY", f"{share:.2f}", "≥ 0.5", share >= 0.5),
        _row("P11 memory above idle", f"{grown} MB", "–", "–", "≤ 60 MB", grown <= 60),
        _row("P11 size of the file", f"{(job.size or 0) / 1e6:.0f} MB", f"{len(catalogue.REPORTS)} reports", "–", "–", True),
    ]  # fmt: skip


def fill(member, rows: int, *, begin: int) -> None:
    """So many published openings of the member's organization, one version each."""
    now = timezone.now()
    with member.active(), connection.cursor() as cursor:
        cursor.execute(
            "insert into recruitment_joborder (organization_id, code, state, external_id, places_filled, created_at, published_at) "
            "select %s, lpad(n::text, 8, '0'), 'published', '', n %% 5, %s, %s from generate_series(%s::int, %s::int) n",
            [member.organization.pk, now, now, begin, begin + rows - 1],
        )
        cursor.execute(
            "insert into recruitment_joborderversion (organization_id, job_order_id, number, state, route, origin_id, programme_id, "
            "field_id, occupation_id, situation, employer_name, intermediary_name, prefecture_id, city, workplace, places, wage_base, "
            "wage_currency, meals, housing, insurance, age_reason, language_level, tests, total_home, home_currency, total_at_least, "
            "take_home_jpy, take_home_at_most, months_of_pay, rate_is_sample, content_hash, changes, created_at, saved_at) "
            "select organization_id, id, 1, 'approved', 'organization', 'VN', 'SSW1', 'FOOD', null, '', '株式会社テスト' || id, '', '22', "
            "'Yaizu', '', 12, 196000, 'JPY', 'part', 'employer', '{}', '', 'N4', '{}', 30000000 + id, 'VND', false, 140000, true, 1.9, "
            "false, '', '[]', %s, %s from recruitment_joborder o where not exists "
            "(select 1 from recruitment_joborderversion v where v.job_order_id = o.id)",
            [now, now],
        )
    with connections["owner"].cursor() as cursor:
        cursor.execute("analyze recruitment_joborder, recruitment_joborderversion")


def _copied(member) -> int:
    """The peer: COPY, read and written again by the csv module into a file. Returns the lines."""
    lines = 0
    with member.active(), connection.cursor() as cursor, tempfile.TemporaryFile("w", newline="") as file:
        out = csv.writer(file)
        with cursor.cursor.connection.cursor().copy(COPIED % member.organization.pk) as copy:
            for piece in copy:
                for line in csv.reader(io.StringIO(bytes(piece).decode(), newline="")):
                    out.writerow(line)
                    lines += 1
    return lines


def _processor() -> float:
    """Seconds of this process and its PostgreSQL session."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        backend = cursor.fetchone()[0]
    parts = Path(f"/proc/{backend}/stat").read_text().rsplit(")", 1)[1].split()
    return time.process_time() + (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def _memory() -> int:
    """Resident memory of this process in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE // 2**20


def _row(what: str, ours: str, peer: str, ratio: str, goal: str, met: bool) -> dict:
    return {"what": what, "ours": ours, "peer": peer, "ratio": ratio, "goal": goal, "met": met}
