"""`python -m bench [search …] [--rows N]`: runs the measurements, prints one table, writes it to bench/results/."""

import argparse
import datetime
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

HERE = Path(__file__).resolve().parent
PEERS = HERE.parent / "var" / "bench" / "lib"
ALL = ("search", "pages", "pdf", "reports", "fanout")
DOORS = ("DATABASE_URL", "DATABASE_OWNER_URL")


def main(arguments: list[str]) -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("modules", nargs="*", default=ALL)
    options.add_argument("--rows", type=int, default=int(os.environ.get("BENCH_ROWS", "1000000")))
    chosen = options.parse_args(arguments)
    install_peers()
    name = f"bench_terang_p{os.getpid()}"
    owner = os.environ["DATABASE_OWNER_URL"]
    make_database(owner, name)
    try:
        rows = [row for module in chosen.modules for row in importlib.import_module(f"bench.{module}").run(chosen.rows)]
    finally:
        drop_database(owner, name)
    show(rows)
    target = HERE / "results" / f"{datetime.date.today().isoformat()}-{'-'.join(chosen.modules)}-{chosen.rows}.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if all(row["met"] for row in rows) else 1


def install_peers() -> None:
    """Peers live apart from the product's libraries."""
    sys.path.append(str(PEERS))
    if not (PEERS / "tantivy").exists():
        subprocess.run(
            [sys.executable, "-m", "pip", "install", "-q", "--target", str(PEERS), "-r", str(HERE / "requirements.txt")],
            check=True,
        )


def make_database(owner: str, name: str) -> None:
    """A database of this process, with tables, grants and reference rows; Django is pointed at it before it starts."""
    import psycopg
    from psycopg import sql

    with psycopg.connect(owner, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    for door in DOORS:
        os.environ[door] = urlunsplit(urlsplit(os.environ[door])._replace(path=f"/{name}"))
    os.environ["DATABASE_OPTIONS"] = "-c statement_timeout=600000"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", database="owner", verbosity=0)
    call_command("secure_database", verbosity=0)
    call_command("load_reference", verbosity=0)


def drop_database(owner: str, name: str) -> None:
    import psycopg
    from django.db import connections
    from psycopg import sql

    connections.close_all()
    connections["default"].close_pool()
    with psycopg.connect(owner, autocommit=True) as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def show(rows: list[dict]) -> None:
    columns = ("what", "ours", "peer", "ratio", "goal", "met")
    table = [
        columns,
        *(tuple(str(row[column]) if column != "met" else ("yes" if row["met"] else "NO") for column in columns) for row in rows),
    ]
    widths = [max(len(line[index]) for line in table) for index in range(len(columns))]
    for line in table:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
