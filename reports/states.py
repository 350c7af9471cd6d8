"""The law of a report that was asked for."""

from core.workflow import Transition, Workflow
from reports import events, policies
from reports.models import ReportJob

State = ReportJob.State


def _line(name, sources, target, policy, verb):
    return Transition(name, frozenset(str(source) for source in sources), str(target), policy, verb)


REPORT_JOB = Workflow(
    "reports.ReportJob",
    "state",
    _line("begin", {State.WAITING}, State.RUNNING, policies.can_make, events.BEGUN),
    _line("finish", {State.RUNNING}, State.DONE, policies.can_make, events.READY),
    _line("fail", {State.WAITING, State.RUNNING}, State.FAILED, policies.can_make, events.FAILED),
    _line("cancel", {State.WAITING, State.RUNNING}, State.CANCELLED, policies.can_cancel, events.CANCELLED),
    _line("retry", {State.FAILED, State.CANCELLED}, State.WAITING, policies.can_retry, events.RETRIED),
    _line("expire", {State.DONE}, State.EXPIRED, policies.can_make, events.EXPIRED),
)
