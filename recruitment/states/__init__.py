"""The law of states."""

from recruitment.states.job_order import JOB_ORDER, VERSION

__all__ = ["JOB_ORDER", "VERSION"]
