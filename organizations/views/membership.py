"""People: the list, invitations, roles, handing over, leaving."""

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import tenancy
from core.policies import require, signed_in
from core.views import ActionPage, Page, once
from organizations.forms.membership import HandOverForm, InviteForm, RolesForm
from organizations.forms.registration import ConfirmForm
from organizations.models import Role
from organizations.policies import membership as policies
from organizations.policies.registration import can_see_desk
from organizations.selectors import membership as selectors
from organizations.selectors.registration import own_organization
from organizations.services import invitation as invitations
from organizations.services import membership as services

CLOSED_DOORS = {Role.OFFICER: "may_review"}


def roles_to_give(actor) -> list[Role]:
    """Roles that fit the organization's kind and that this person may give."""
    kind = actor.organization.organization_kind
    fitting = [role for role in Role if getattr(kind, CLOSED_DOORS.get(role, ""), True)]
    return [role for role in fitting if policies.can_give_roles(actor, [role])]


class People(Page):
    """Who works here, in which roles, since when; who is invited; who left."""

    policy = can_see_desk
    template_name = "organizations/people.html"

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        now = timezone.now()
        members = [
            {
                "membership": membership,
                "roles": [Role(role).label for role in sorted(membership.roles, key=Role.values.index)],
                "is_me": membership.user_id == self.actor.user_id,
                "may_change": bool(policies.can_change_roles(self.actor, membership)),
                "may_end": bool(policies.can_end_membership(self.actor, membership)),
            }
            for membership in selectors.memberships_visible_to(self.actor)
        ]
        open_invitations = [
            {
                "invitation": invitation,
                "roles": [Role(role).label for role in invitation.roles],
                "over": invitation.expires_at <= now,
                "may_revoke": bool(policies.can_revoke_invitation(self.actor, invitation)),
            }
            for invitation in selectors.invitations_visible_to(self.actor)
        ]
        may_invite = bool(policies.can_invite(self.actor))
        context = {"members": members, "invitations": open_invitations if may_invite else [], "may_invite": may_invite}
        return self.render({**context, "former": selectors.former_members(self.actor), "organization": self.actor.organization})


class _PeopleAction(ActionPage):
    def success_url(self, thing, result):
        return reverse("organizations:people", args=[self.actor.organization.slug])

    def context(self, **context):
        return {**context, "organization": self.actor.organization, "back_url": self.success_url(None, None)}


class Invite(_PeopleAction):
    policy = policies.can_invite
    service = invitations.invite
    template_name = "organizations/invite.html"
    success_message = gettext_lazy("The invitation is on its way. The link in it works for seven days.")

    def get_form(self, thing, data=None, files=None):
        return InviteForm(data, roles=roles_to_give(self.actor))

    def act(self, thing, form):
        form.cleaned_data["organization"] = own_organization(self.actor)
        return super().act(thing, form)


class RevokeInvitation(_PeopleAction):
    selector = selectors.invitations_visible_to
    policy = policies.can_revoke_invitation
    form_class = ConfirmForm
    service = invitations.revoke_invitation
    template_name = "organizations/invitation_revoke.html"
    thing_name = "invitation"
    success_message = gettext_lazy("The invitation is taken back. Its link works no more.")


class ChangeRoles(_PeopleAction):
    selector = selectors.memberships_visible_to
    policy = policies.can_change_roles
    service = services.change_roles
    template_name = "organizations/member_roles.html"
    thing_name = "membership"
    success_message = gettext_lazy("The roles are changed. They count from now on.")

    def get_form(self, thing, data=None, files=None):
        return RolesForm(data, initial={"roles": thing.roles}, roles=roles_to_give(self.actor))


class EndMembership(_PeopleAction):
    """Hand over and end; one's own membership too."""

    selector = selectors.memberships_visible_to
    policy = policies.can_end_membership
    service = services.end_membership
    template_name = "organizations/member_end.html"
    thing_name = "membership"

    def get_form(self, thing, data=None, files=None):
        needed = any(holding.moves for holding, _things in services.held_by(thing))
        return HandOverForm(data, heirs=selectors.colleagues(self.actor, thing), needed=needed)

    def context(self, **context):
        membership = context["membership"]
        held = services.held_by(membership)
        return super().context(
            held=[{"label": holding.label, "count": len(things), "moves": holding.moves} for holding, things in held],
            is_me=membership.user_id == self.actor.user_id,
            is_last_owner=services.is_last_owner(membership),
            **context,
        )

    def success_url(self, thing, result):
        if thing is not None and thing.user_id == self.actor.user_id:
            messages.success(self.request, _("You have left the organization."))
            return reverse("organizations:registration_start")
        if thing is not None:
            messages.success(self.request, _("The membership has ended. What this person held was handed over."))
        return super().success_url(thing, result)


class AcceptInvitation(Page):
    """The link of an invitation. Used, run out, taken back, unknown or somebody else's: one and the same answer."""

    policy = signed_in
    template_name = "organizations/invitation.html"

    def dispatch(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        with tenancy.activate(request.user.pk):
            self.invitation = selectors.invitation_by_token(kwargs["token"], now=timezone.now())
            if self.invitation is None:
                self.template_name = "organizations/invitation_gone.html"
                return self.render({}, status=404)
            return super().dispatch(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        roles = [Role(role).label for role in self.invitation.roles]
        return self.render({"invitation": self.invitation, "roles": roles})

    def post(self, request, *args, **kwargs):
        return once(request, self.accept)

    def accept(self):
        organization = invitations.accept_invitation(invitation=self.invitation, actor=self.actor, now=timezone.now())
        return reverse("organizations:desk", args=[organization.slug])


class LeaveOrganization(Page):
    """The short way to one's own hand-over page."""

    policy = can_see_desk

    def get(self, request, *args, **kwargs):
        require(self.policy(self.actor))
        own = [m.pk for m in selectors.memberships_visible_to(self.actor) if m.user_id == self.actor.user_id]
        return HttpResponseRedirect(reverse("organizations:member_end", args=[self.actor.organization.slug, own[0]]))
