"""States as data: the table decides, and PostgreSQL agrees."""

import pytest
from django.db import IntegrityError, transaction

from core.workflow import WORKFLOWS


def test_every_state_of_a_workflow_is_a_state_of_its_model():
    for workflow in WORKFLOWS.values():
        known = {value for value, _ in workflow.model._meta.get_field(workflow.field).choices}
        used = {s for t in workflow.transitions.values() for s in (*t.sources, t.target)}

        assert (workflow.model_label, used - known) == (workflow.model_label, set())


@pytest.mark.parametrize("label", sorted(WORKFLOWS))
def test_every_state_can_be_reached_and_left_or_is_an_end(label):
    workflow = WORKFLOWS[label]
    states = {value for value, _ in workflow.model._meta.get_field(workflow.field).choices}
    targets = {t.target for t in workflow.transitions.values()}
    start = workflow.model._meta.get_field(workflow.field).default

    assert states - targets - {start} == set()


def test_the_database_refuses_a_jump_the_table_does_not_hold(cast):
    organization = cast.agency
    with cast.agency_owner.active(), pytest.raises(IntegrityError, match="not allowed"), transaction.atomic():
        type(organization).objects.filter(pk=organization.pk).update(state="draft")
