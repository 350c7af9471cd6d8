"""Goals P3 and P4: the result page and the posting page over HTTP, beside a bare view of the same server.

One gunicorn worker, one client, requests one after the other. Counted is processor time (worker and its PostgreSQL sessions), so
that the share of requests per second does not depend on what else the machine does.
"""

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from django.db import connection

from bench.search_data import copy_into_postgres, world

REQUESTS = 100
ROUNDS = 5


def run(rows: int) -> list[dict]:
    """Pages over `rows` openings, first without and then with a matching mark (ETag)."""
    from recruitment.services.search_index import refresh_facets
    from tests.factories.recruitment_public import an_agency, an_opening

    copy_into_postgres(world(), min(rows, 100_000))
    posting = an_opening(*an_agency("bench-agency"))
    refresh_facets()
    port = _free_port()
    server = _serve(port)
    try:
        bare = _rate(server, port, "/healthz")
        report = []
        for what, path, goal in (
            ("P3 result page, kept copy", "/vi/jobs/", 0.35),
            ("P3 result page with words, kept copy", "/vi/jobs/?q=dieu+duong", 0.35),
            ("P4 posting page, kept copy", f"/vi/jobs/{posting}/", 0.40),
        ):
            report.append(_row(what, _rate(server, port, path), bare, goal))
        report.append(
            _row("P3 result page, matching ETag", _rate(server, port, "/vi/jobs/", mark=_mark(port, "/vi/jobs/")), bare, 0.80)
        )
        report.append(
            _row("result page, every copy new (no goal)", _rate(server, port, "/vi/jobs/?max_cost=2&min_pay={n}"), bare, 0)
        )
        report.append(
            _row("posting page, every copy new (no goal)", _rate(server, port, f"/vi/jobs/{posting}/?v=0&n={{n}}"), bare, 0)
        )
        return report
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _serve(port: int) -> subprocess.Popen:
    """The server as `make run` starts it: pooled connections, static files with their hashes."""
    static = tempfile.mkdtemp(prefix="terang-static-")
    environment = {**os.environ, "ALLOWED_HOSTS": "127.0.0.1", "DEMO": "true", "TERANG_ENV": "development", "STATIC_ROOT": static}
    subprocess.run([sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"], env=environment, check=True)
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "config.wsgi:application",
            "--bind",
            f"127.0.0.1:{port}",
            "--workers",
            "1",
            "--log-level",
            "error",
        ],
        env=environment,
    )
    for _try in range(100):
        try:
            _get(port, "/healthz")
            return server
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("The server did not answer.")


def _get(port: int, path: str, mark: str = "") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path, headers={"If-None-Match": mark} if mark else {})
    response = connection.getresponse()
    response.read()
    connection.close()
    if response.status not in (200, 304):
        raise RuntimeError(f"{path} answered {response.status}")
    return response


def _mark(port: int, path: str) -> str:
    return _get(port, path).headers["ETag"]


def _rate(server: subprocess.Popen, port: int, path: str, *, mark: str = "") -> float:
    """Requests for one second of processor time of the web worker and its PostgreSQL sessions; `{n}` makes each address new."""
    number = 100_000
    for _warm in range(3):
        _get(port, path.format(n=number), mark)
    pids = [*_children(server.pid), *_sessions()]
    rates = []
    for _round in range(ROUNDS):
        before = _cpu(pids)
        for _request in range(REQUESTS // ROUNDS):
            number += 1
            _get(port, path.format(n=number), mark)
        rates.append(REQUESTS / ROUNDS / ((_cpu(pids) - before) / 1e9))
    return statistics.median(rates)


def _children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(child) for child in file.read().split()]


def _sessions() -> list[int]:
    """PostgreSQL processes of this database, but for our own."""
    with connection.cursor() as cursor:
        cursor.execute("select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()")
        return [row[0] for row in cursor.fetchall()]


def _cpu(pids: list[int]) -> int:
    """Nanoseconds of processor time of all threads of these processes."""
    total = 0
    for pid in pids:
        for thread in Path(f"/proc/{pid}/task").glob("*/schedstat"):
            with suppress(OSError):
                total += int(thread.read_text().split()[0])
    return total


def _row(what: str, ours: float, bare: float, goal: float) -> dict:
    ratio = ours / bare
    return {
        "what": what,
        "ours": f"{ours:.0f} a second",
        "peer": f"{bare:.0f} a second",
        "ratio": f"{ratio:.2f}",
        "goal": f">= {goal}" if goal else "",
        "met": ratio >= goal,
    }
