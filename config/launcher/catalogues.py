"""Compiles gettext catalogues with Babel (a bare machine has no msgfmt), only those that changed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from config.launcher.errors import LauncherError
from config.launcher.places import PROJECT


def compile_catalogues(folder: Path = PROJECT / "locale") -> list[Path]:
    """Compile every `.po` that is newer than its `.mo`; gives the compiled files. Each appears whole or not at all."""
    made = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        draft = target.with_suffix(f".mo.{os.getpid()}")
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "babel.messages.frontend",
                "compile",
                "-i",
                str(source),
                "-o",
                str(draft),
                "-l",
                source.parts[-3],
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0 or not draft.exists():
            draft.unlink(missing_ok=True)
            raise LauncherError(f"{source} does not compile:\n{done.stdout}{done.stderr}")
        os.replace(draft, target)
        made.append(target)
    return made
