"""The first page of a desk, and who sees what in it."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.policies import require
from core.views import Page
from organizations.models import Role
from organizations.policies import capability
from organizations.policies import membership as people_policies
from organizations.policies import registration as policies
from organizations.selectors import desk, membership, registration


def _people_page(slug: str) -> str:
    return reverse("organizations:people", args=[slug])


desk.add_room(
    desk.Room("organizations:desk", _("Desk"), place=0),
    desk.Room("organizations:registration", _("Profile"), place=40),
    desk.Room("organizations:people", _("People"), place=60),
    desk.Room(
        "organizations:api_keys", _("Keys"), policy=people_policies.can_make_keys, kind_has=lambda kind: kind.may_post, place=70
    ),
)
desk.add_tile(
    desk.Tile(_("Members"), desk.count_people, _people_page, waits=False, place=80),
    desk.Tile(
        _("Invitations without an answer"),
        desk.count_invitations,
        _people_page,
        waits=False,
        policy=people_policies.can_invite,
        place=90,
    ),
)


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
