"""gunicorn's settings when there is no broker: worker and beat are threads of the one web process.

Tasks then live in memory; what a lost one would have done is found again by the sweep over the outbox.
"""

from __future__ import annotations

import threading


def post_worker_init(worker: object) -> None:
    """Called by gunicorn in the web process once the application is loaded."""
    from celery.beat import EmbeddedService

    from config.celery import app

    app.conf.broker_transport_options = {"polling_interval": 0.05}
    controller = app.WorkController(
        app=app, pool_cls="threads", concurrency=2, without_gossip=True, without_mingle=True, without_heartbeat=True
    )
    threading.Thread(target=controller.start, name="worker", daemon=True).start()
    EmbeddedService(app, thread=True).start()
