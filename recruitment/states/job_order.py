"""Where a job order and its versions may go, who may take them there, and what is recorded.

The first version carries its job order along; later ones go their own way while the job order stays published.
"""

from core.workflow import Transition, Workflow
from recruitment import events, policies
from recruitment.models import JobOrder, JobOrderVersion

_S, _V = JobOrder.State, JobOrderVersion.State


def _line(name, sources, target, policy, verb):
    return Transition(name, frozenset(str(source) for source in sources), str(target), policy, verb)


JOB_ORDER = Workflow(
    "recruitment.JobOrder",
    "state",
    _line("submit", {_S.DRAFT, _S.RETURNED}, _S.SUBMITTED, policies.can_submit, events.JOB_ORDER_SUBMITTED),
    _line("take_back", {_S.SUBMITTED}, _S.DRAFT, policies.can_take_back, events.JOB_ORDER_TAKEN_BACK),
    _line("return", {_S.SUBMITTED}, _S.RETURNED, policies.can_return, events.JOB_ORDER_RETURNED),
    _line("approve", {_S.SUBMITTED}, _S.APPROVED, policies.can_review, events.JOB_ORDER_APPROVED),
    _line("publish", {_S.APPROVED}, _S.PUBLISHED, policies.can_publish, events.JOB_ORDER_PUBLISHED),
    _line("pause", {_S.PUBLISHED}, _S.PAUSED, policies.can_pause, events.JOB_ORDER_PAUSED),
    _line("resume", {_S.PAUSED}, _S.PUBLISHED, policies.can_resume, events.JOB_ORDER_RESUMED),
    _line("fill", {_S.PUBLISHED, _S.PAUSED}, _S.FILLED, policies.can_fill, events.JOB_ORDER_FILLED),
    _line("close", {_S.APPROVED, _S.PUBLISHED, _S.PAUSED}, _S.CLOSED, policies.can_close, events.JOB_ORDER_CLOSED),
    _line(
        "withdraw",
        {_S.DRAFT, _S.RETURNED, _S.APPROVED, _S.PUBLISHED, _S.PAUSED, _S.SUSPENDED},
        _S.WITHDRAWN,
        policies.can_withdraw,
        events.JOB_ORDER_WITHDRAWN,
    ),
    _line("suspend", {_S.PUBLISHED, _S.PAUSED}, _S.SUSPENDED, policies.can_suspend, events.JOB_ORDER_SUSPENDED),
    _line("lift", {_S.SUSPENDED}, _S.PUBLISHED, policies.can_suspend, events.JOB_ORDER_LIFTED),
)

VERSION = Workflow(
    "recruitment.JobOrderVersion",
    "state",
    _line("submit", {_V.DRAFT, _V.RETURNED}, _V.SUBMITTED, policies.can_submit, events.VERSION_SUBMITTED),
    _line("take_back", {_V.SUBMITTED}, _V.DRAFT, policies.can_take_back, events.VERSION_TAKEN_BACK),
    _line("return", {_V.SUBMITTED}, _V.RETURNED, policies.can_return, events.VERSION_RETURNED),
    _line("approve", {_V.SUBMITTED}, _V.APPROVED, policies.can_review, events.VERSION_APPROVED),
    _line("replace", {_V.APPROVED}, _V.REPLACED, policies.can_replace_version, events.VERSION_REPLACED),
    _line("drop", {_V.DRAFT, _V.RETURNED}, _V.DROPPED, policies.can_drop_version, events.VERSION_DROPPED),
)
