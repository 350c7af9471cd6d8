"""What follows events, and what the clock starts."""

from recruitment.tasks import job_order_import, publication, worker

__all__ = ["job_order_import", "publication", "worker"]
