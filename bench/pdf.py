"""Goal P9: a report as PDF beside bare WeasyPrint on its finished HTML, pages per second of processor time; and the memory it takes.

Bare WeasyPrint gets the same HTML and the same style sheets, already made, with the same tagged variant. What is measured is what the
product adds: reading the rows, the template, the fetcher. Memory is the peak of a process that makes the report and nothing else.
"""

import datetime
import io
import os
import resource
import statistics
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

ROUNDS = 5
LEAST_RATIO = 0.80
MOST_MEGABYTES = 300
REPORTS = (("one-page sheet", 5, 20), ("50-page report", 1_650, 1))  # name, rows, turns in a round


def run(rows: int) -> list[dict]:
    """`rows` is not used: the size of a report is its pages."""
    from django.utils import translation

    report = []
    for name, lines, turns in REPORTS:
        document = a_document(lines)
        with translation.override(document.language):
            ours, bare, pages = _measure(document, turns)
        ratio = round(ours / bare, 2)
        report.append(
            {
                "what": f"P9 {name} ({pages} pages)",
                "ours": f"{ours:.1f} pages/s",
                "peer": f"{bare:.1f} pages/s (bare WeasyPrint)",
                "ratio": ratio,
                "goal": f">= {LEAST_RATIO}",
                "met": ratio >= LEAST_RATIO,
            }
        )
    report.append(_memory())
    return report


def a_document(lines: int):
    """A believable report of so many rows, with figures and a chart."""
    from reports.renderers import Chart, Column, Document, Figure, Table

    columns = (
        Column("code", "Mã", "code"),
        Column("work", "Công việc"),
        Column("day", "Ngày", "date"),
        Column("cost", "Người lao động trả", "money", currency="VND", total=True),
        Column("months", "Tháng lương", "months"),
        Column("note", "Ghi chú"),
    )
    day = datetime.date(2026, 1, 1)

    def rows():
        for i in range(lines):
            yield (f"ABCD-{i:04}", "Chế biến thủy sản, Yaizu", day + datetime.timedelta(i % 300), 1_000_000 + 10_000 * i,
                   Decimal(i % 40) / 10, "水産加工" if i % 3 else "Phí dịch vụ")  # fmt: skip

    bars = [{"label": f"Ngành {i}", "value": i, "text": str(i)} for i in range(1, 8)]
    return Document(
        code="bench", title="Báo cáo", subtitle="Bảng đo", facts=(("Kỳ", "11/2026"),), figures=(Figure("Đơn tuyển", lines),),
        parts=(Chart("bars", "Biểu đồ", "Tăng đều.", bars, "t"), Table("t", "Đơn tuyển", columns, rows, count=lines)), notes=(),
        language="vi", made_at=datetime.datetime(2026, 11, 28, tzinfo=datetime.UTC), organization="Hoa Sen", demo=False,
    )  # fmt: skip


def _measure(document, turns: int) -> tuple[float, float, int]:
    """Pages per second of ours and of bare WeasyPrint, in turns; medians."""
    from weasyprint import CSS, HTML

    from recruitment.services.paper import VARIANT
    from reports.renderers import pdf

    html, sheets = pdf.html(document, seal=None), pdf.styles()
    html = html.replace('<img src="asset:mark.svg" alt="Terang">', "")

    def ours():
        pdf.write(document, io.BytesIO(), progress=lambda done: None, seal=None)

    def bare() -> int:
        rendered = HTML(string=html).render(stylesheets=[CSS(string=sheet) for sheet in sheets], pdf_variant=VARIANT)
        rendered.write_pdf(io.BytesIO(), pdf_variant=VARIANT)
        return len(rendered.pages)

    pages = bare()
    ours()
    times: dict = {ours: [], bare: []}
    for _round in range(ROUNDS):
        for make in (ours, bare):
            began = time.process_time()
            for _turn in range(turns):
                make()
            times[make].append((time.process_time() - began) / turns)
    return pages / statistics.median(times[ours]), pages / statistics.median(times[bare]), pages


def _memory() -> dict:
    """Peak of a process that makes the long report: Python, Django, WeasyPrint and fonts included."""
    ours, bare = _peak("make_once"), _peak("make_bare")
    return {
        "what": "P9 memory, 50-page report",
        "ours": f"{ours} MB",
        "peer": f"{bare} MB (bare WeasyPrint)",
        "ratio": round(bare / ours, 2),
        "goal": f"<= {MOST_MEGABYTES} MB",
        "met": ours <= MOST_MEGABYTES,
    }


def _peak(what: str) -> int:
    """Megabytes of a process that does this and nothing else."""
    made = subprocess.run(
        [sys.executable, "-c", f"import bench.pdf; bench.pdf.{what}()"],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).resolve().parent.parent,
        env={**os.environ, "PYTHONPATH": "."},
    )
    return int(made.stdout.split()[-1])


def make_once() -> None:
    """For the process whose memory is measured."""
    import django

    django.setup()
    from reports.renderers import pdf

    pdf.write(a_document(REPORTS[-1][1]), io.BytesIO(), progress=lambda done: None, seal=None)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def make_bare() -> None:
    """The same HTML by WeasyPrint alone."""
    import django

    django.setup()
    from weasyprint import CSS, HTML

    from reports.renderers import pdf

    html = pdf.html(a_document(REPORTS[-1][1]), seal=None).replace('<img src="asset:mark.svg" alt="Terang">', "")
    HTML(string=html).write_pdf(io.BytesIO(), stylesheets=[CSS(string=sheet) for sheet in pdf.styles()], pdf_variant="pdf/ua-1")
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
