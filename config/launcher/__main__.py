"""`python -m config.launcher MODE`: run, exec, test, fast, services, e2e, bench. `make` names them for people."""

from __future__ import annotations

import os
import sys

from config.launcher import modes
from config.launcher.errors import LauncherError, StopRequested
from config.launcher.processes import listen_for_stop

USAGE = """usage: python -m config.launcher MODE [-- ARGUMENTS]

  run        the whole platform on http://127.0.0.1:$PORT (8000), with a demo world
  exec       run a command with database, broker and settings in place
  test       the test suite; arguments go to pytest
  fast       the same on the servers of `services` when they run, else like test
  services   keep database and broker for tests running until stopped
  e2e        the journeys in a real browser against a product of its own
  catalogues compile the translations
  bench      run `python -m bench` on servers of its own
"""


def main(arguments: list[str]) -> int:
    if not arguments or arguments[0] not in modes.MODES:
        print(USAGE, file=sys.stderr)
        return 2
    mode, *rest = arguments
    if rest and rest[0] == "--":
        rest = rest[1:]
    os.environ.setdefault("PORT", "8000")
    listen_for_stop()
    try:
        return modes.MODES[mode](rest)
    except LauncherError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except StopRequested as request:
        return 130 if str(request) == "SIGINT" else 143


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
