"""Goals P3 and P4: the result page and the posting page over HTTP, beside a bare view of the same server.

One gunicorn worker, one client, requests one after the other: a share of requests per second that does not depend on the machine.
"""

import http.client
import os
import signal
import socket
import statistics
import subprocess
import sys
import time

from bench.search_data import copy_into_postgres, world

REQUESTS = 150
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
        bare = _rate(port, "/healthz")
        report = []
        for what, path, goal in (
            ("P3 result page, kept copy", "/vi/jobs/", 0.35),
            ("P3 result page with words, kept copy", "/vi/jobs/?q=dieu+duong", 0.35),
            ("P4 posting page, kept copy", f"/vi/jobs/{posting}/", 0.40),
        ):
            report.append(_row(what, _rate(port, path), bare, goal))
        report.append(_row("P3 result page, matching ETag", _rate(port, "/vi/jobs/", mark=_mark(port, "/vi/jobs/")), bare, 0.80))
        report.append(_row("result page, every copy new (no goal)", _rate(port, "/vi/jobs/?max_cost=2&min_pay={n}"), bare, 0))
        report.append(_row("posting page, every copy new (no goal)", _rate(port, f"/vi/jobs/{posting}/?v=0&n={{n}}"), bare, 0))
        return report
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _serve(port: int) -> subprocess.Popen:
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
        env={**os.environ, "ALLOWED_HOSTS": "127.0.0.1", "DEMO": "true"},
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


def _rate(port: int, path: str, *, mark: str = "") -> float:
    """Requests a second, the median of some rounds; `{n}` in the path makes every address a new one."""
    number, rates = 100_000, []
    _get(port, path.format(n=number), mark)
    for _round in range(ROUNDS):
        started = time.perf_counter()
        for _request in range(REQUESTS // ROUNDS):
            number += 1
            _get(port, path.format(n=number), mark)
        rates.append(REQUESTS / ROUNDS / (time.perf_counter() - started))
    return statistics.median(rates)


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
