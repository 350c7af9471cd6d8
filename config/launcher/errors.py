"""What can stop the launcher, said so that a person can act on it."""


class LauncherError(Exception):
    """A message for the person at the terminal; shown without a traceback, exit code 1."""


class StopRequested(BaseException):
    """Ctrl-C or SIGTERM. Not an Exception, so that no ordinary handler swallows it."""
