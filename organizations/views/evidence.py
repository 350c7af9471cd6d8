"""Opening an uploaded file."""

import structlog
from django.http import Http404
from django.utils import timezone

from core.files import FileMissing, serve
from core.views import Page
from organizations.policies import registration as policies
from organizations.selectors import registration as selectors
from organizations.services.evidence import open_evidence

log = structlog.get_logger()


class EvidenceFile(Page):
    """A file as an attachment, for members and for the regulator that reviews the organization. Each look is an event."""

    selector = selectors.evidence_visible_to
    policy = policies.can_see_evidence

    def get(self, request, *args, **kwargs):
        evidence = self.get_thing()
        if not self.policy(self.actor, evidence):
            raise Http404
        try:
            opened = open_evidence(evidence=evidence, actor=self.actor, now=timezone.now())
        except FileMissing:
            log.error("file_missing", evidence=evidence.pk)  # the storage lost it: for the operator, not the reader
            raise Http404 from None
        return serve(opened)
