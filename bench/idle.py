"""A task that does nothing, for the product's own Celery settings."""

from config.celery import app

QUEUE = "bench"


@app.task(name="bench.idle.nothing", queue=QUEUE)
def nothing() -> None:
    """Nothing."""
