"""Running the decoder in a process of its own, under a time limit, without writing plaintext to a disk."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, BinaryIO

from core.files.errors import FileError

DECODER = Path(__file__).with_name("decode.py")
WALL_SECONDS = 20
# Waiting and decoding together stay below the 30 seconds after which the web server gives a request up.
TURN_SECONDS = 8
# Each decoder may take 1.5 GB for a moment; more files wait for their turn.
_turns = BoundedSemaphore(2)


def decode(content: bytes, order: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Hand content and order to `decode.py`; answer its facts and the new content.

    Raises FileError: the decoder's own code, `cannot_read` when it crashed or hit a limit, `busy` when no turn came.
    """
    if not _turns.acquire(timeout=TURN_SECONDS):
        raise FileError("busy")
    try:
        with _memory_file() as source, _memory_file() as target:
            source.write(content)
            source.seek(0)
            _run(source, target, order)
            target.seek(0)
            return _parse(target.read())
    finally:
        _turns.release()


def _run(source: BinaryIO, target: BinaryIO, order: dict[str, Any]) -> None:
    command = [sys.executable, "-I", "-B", str(DECODER), json.dumps(order)]
    # One arena keeps the memory limit meaningful for decoders with threads. Nothing else of our environment goes in.
    environment = {"MALLOC_ARENA_MAX": "2", "LC_ALL": "C.UTF-8"}
    try:
        subprocess.run(
            command,
            stdin=source,
            stdout=target,
            stderr=subprocess.DEVNULL,
            timeout=WALL_SECONDS,
            cwd="/",
            env=environment,
            start_new_session=True,
            check=True,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError) as error:
        raise FileError("cannot_read") from error


def _parse(answer: bytes) -> tuple[dict[str, Any], bytes]:
    head, _, body = answer.partition(b"\n")
    try:
        facts = json.loads(head)
    except ValueError as error:
        raise FileError("cannot_read") from error
    if "error" in facts:
        raise FileError(facts["error"]) if facts["error"] != "too_many_pages" else TooManyPages
    return facts, body


class TooManyPages(Exception):
    """The document has more pages than the order allows."""


def _memory_file() -> BinaryIO:
    """A file in memory that another process can read; a temporary file where the system has none."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("upload", os.MFD_CLOEXEC), "w+b")
    return tempfile.TemporaryFile()
