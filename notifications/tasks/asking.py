"""Asking the broker to be quick. When it does not answer, the sweepers of the clock do the same work later."""

import structlog

log = structlog.get_logger()


def ask(task, *args) -> None:
    """Never raises and never tries twice."""
    try:
        task.apply_async(args=args, retry=False)
    except Exception:
        log.warning("broker_unreachable", task=task.name)
