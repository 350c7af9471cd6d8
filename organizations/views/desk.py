"""The first page of a desk, and who sees what in it."""

from django.utils import timezone

from core.policies import require
from core.views import Page
from organizations.models import Role
from organizations.policies import capability
from organizations.policies import registration as policies
from organizations.selectors import desk, membership, registration


class Desk(Page):
    """What waits for somebody, the numbers, the permits with the days that are left."""

    policy = policies.can_see_desk
    template_name = "organizations/desk.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        now = timezone.now()
        return self.render(
            {
                "organization": self.actor.organization,
                "notices": desk.desk_notices(self.actor, now),
                "tiles": desk.desk_tiles(self.actor),
                "permits": desk.permit_lines(self.actor, now),
            }
        )


class WhoCanSee(Page):
    """Each role and what it may do, answered by the policies themselves, with the people who have the role."""

    policy = policies.can_see_desk
    template_name = "organizations/who_can_see.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        organization = registration.own_organization(self.actor)
        members = list(membership.memberships_visible_to(self.actor))
        columns = [(role.label, [m.user for m in members if role.value in m.roles]) for role in Role]
        used = [bool(people) for _label, people in columns]
        rows = capability.matrix(organization, self.request.user)
        return self.render(
            {
                "columns": [column for column, shown in zip(columns, used, strict=True) if shown],
                "unused": [label for (label, _people), shown in zip(columns, used, strict=True) if not shown],
                "rows": [(label, [yes for yes, shown in zip(answers, used, strict=True) if shown]) for label, answers in rows],
                "regulator": registration.regulator_of(organization),
            }
        )
