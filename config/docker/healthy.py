"""Health of one container: exit code 0 when the part named by the argument (web, worker, beat) does its work."""

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit


def web() -> bool:
    """The web process answers; asked with the host of BASE_URL because other hosts are refused."""
    port = os.environ.get("BIND", "0.0.0.0:8000").rpartition(":")[2]
    host = urlsplit(os.environ.get("BASE_URL", "http://127.0.0.1")).netloc
    request = urllib.request.Request(f"http://127.0.0.1:{port}/healthz", headers={"Host": host})
    with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
        return response.status == 200


def worker() -> bool:
    """The worker of this container answers through the broker."""
    command = ["celery", "-A", "config", "inspect", "ping", "--timeout", "5", "--destination", f"celery@{os.uname().nodename}"]
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode == 0


def beat() -> bool:
    """Beat writes its schedule every three minutes."""
    files = Path(os.environ.get("BEAT_SCHEDULE", "/tmp/beat-schedule")).parent.glob("beat-schedule*")  # noqa: S108
    return any(time.time() - file.stat().st_mtime < 600 for file in files)


if __name__ == "__main__":
    sys.exit(0 if {"web": web, "worker": worker, "beat": beat}[sys.argv[1]]() else 1)
