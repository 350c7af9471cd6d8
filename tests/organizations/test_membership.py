"""Roles, handing over and leaving. The last owner stays, also when two owners go at once."""

import threading

import pytest
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from core import tenancy
from core.models import Event
from core.policies import Conflict, Refused
from organizations.models import ApiKey, Invitation, Membership, Role
from organizations.policies import capability
from organizations.policies import membership as policies
from organizations.services import api_key, invitation
from organizations.services import membership as service
from recruitment.models import JobOrder
from recruitment.views import rooms  # noqa: F401  (declares what openings add)
from tests.factories.organizations import Member, a_member, an_organization

NOW = timezone.now


def row_of(member: Member) -> Membership:
    with member.active():
        return Membership.objects.select_related("organization").get(user=member.user, ended_at=None)


def roles_of(member: Member):
    with member.active():
        found = Membership.objects.filter(user=member.user, ended_at=None).first()
        return found.roles if found else None


def change(actor: Member, member: Member, *roles):
    with actor.active():
        return service.change_roles(membership=row_of(member), roles=list(roles), actor=actor.actor(), now=NOW())


def end(actor: Member, member: Member, heir: Member | None = None):
    with actor.active():
        return service.end_membership(
            membership=row_of(member), heir=row_of(heir) if heir else None, actor=actor.actor(), now=NOW()
        )


def url(name, organization, *rest):
    with override("en"):
        return reverse(f"organizations:{name}", args=[organization.slug, *rest])


def test_an_owner_changes_roles_and_the_log_says_from_what_to_what(cast):
    change(cast.agency_owner, cast.agency_viewer, "recruiter", "viewer")

    assert roles_of(cast.agency_viewer) == ["recruiter", "viewer"]
    with cast.agency_owner.active():
        event = Event.objects.get(verb="membership.roles_changed")
    assert (event.data["from"], event.data["to"]) == (["viewer"], ["recruiter", "viewer"])


def test_the_same_roles_again_are_no_event(cast):
    change(cast.agency_owner, cast.agency_viewer, "viewer")

    with cast.agency_owner.active():
        assert not Event.objects.filter(verb="membership.roles_changed").exists()


@pytest.mark.parametrize("roles", [("manager",), ("owner",), ("owner", "viewer")])
def test_a_manager_makes_nobody_an_owner_or_manager(cast, roles):
    manager = a_member(cast.agency, "manager")

    with pytest.raises(Refused):
        change(manager, cast.agency_viewer, *roles)
    assert roles_of(cast.agency_viewer) == ["viewer"]


def test_a_manager_does_not_touch_an_owner(cast):
    manager = a_member(cast.agency, "manager")

    with pytest.raises(Refused):
        change(manager, cast.agency_owner, "viewer")
    with pytest.raises(Refused):
        end(manager, cast.agency_owner)


@pytest.mark.parametrize("role", ["recruiter", "viewer"])
def test_others_change_nobody_not_even_themselves(cast, role):
    member = getattr(cast, f"agency_{role}")

    for target in (cast.agency_viewer, member, cast.agency_owner):
        with pytest.raises(Refused):
            change(member, target, "owner")


def test_nobody_reaches_into_another_organization(cast):
    with cast.rival_owner.active():
        assert not policies.can_change_roles(cast.rival_owner.actor(), row_of(cast.agency_viewer))
        assert not policies.can_end_membership(cast.rival_owner.actor(), row_of(cast.agency_viewer))


def test_unknown_roles_are_no_roles(cast):
    with pytest.raises(service.ValidationError):
        change(cast.agency_owner, cast.agency_viewer, "king")


# -- the last owner -----------------------------------------------------------------------------------------------------


def test_the_last_owner_can_neither_step_down_nor_leave(cast):
    with pytest.raises(Conflict):
        change(cast.agency_owner, cast.agency_owner, "viewer")
    with pytest.raises(Conflict):
        end(cast.agency_owner, cast.agency_owner, cast.agency_viewer)

    assert roles_of(cast.agency_owner) == ["owner"]


def test_the_page_answers_409_for_the_last_owner_and_keeps_them(cast, client_for):
    browser = client_for(cast.agency_owner)
    membership = row_of(cast.agency_owner)

    stepping_down = browser.post(url("member_roles", cast.agency, membership.pk), {"roles": ["viewer"]})
    leaving = browser.post(url("member_end", cast.agency, membership.pk), {})

    assert (stepping_down.status_code, leaving.status_code) == (409, 409)
    assert "last owner" in stepping_down.text
    assert roles_of(cast.agency_owner) == ["owner"]


def test_an_owner_may_go_when_there_is_another(cast):
    second = a_member(cast.agency, "owner")

    end(cast.agency_owner, cast.agency_owner)

    assert roles_of(cast.agency_owner) is None
    assert roles_of(second) == ["owner"]


@pytest.mark.parametrize("way", ["step down", "leave", "one each"])
def test_two_owners_who_go_at_once_leave_one(committed, way):
    organization = an_organization("hai-chu")
    owners = [a_member(organization, "owner"), a_member(organization, "owner")]
    start, outcomes = threading.Barrier(2), []

    def go(number, owner):
        start.wait()
        try:
            if way == "leave" or (way == "one each" and number):
                end(owner, owner)
            else:
                change(owner, owner, "viewer")
            outcomes.append("gone")
        except Conflict:
            outcomes.append("stays")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=go, args=pair) for pair in enumerate(owners)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["gone", "stays"]
    with tenancy.activate(None, organization.pk):
        assert Membership.objects.filter(ended_at=None, roles__contains=["owner"]).count() == 1


# -- handing over -------------------------------------------------------------------------------------------------------


@pytest.fixture
def busy(cast):
    """A manager who holds an open invitation and a key."""
    manager = a_member(cast.agency, "manager")
    with manager.active():
        invitation.invite(
            organization=cast.agency, email="new@agency.example", roles=["viewer"], actor=manager.actor(), now=NOW()
        )
        api_key.create_api_key(organization=cast.agency, name="Software", actor=manager.actor(), now=NOW())
    return manager


def test_what_a_member_held_goes_to_the_heir_and_keys_end(cast, busy):
    end(cast.agency_owner, busy, cast.agency_recruiter)

    with cast.agency_owner.active():
        assert Invitation.objects.get().invited_by_id == cast.agency_recruiter.user.pk
        assert ApiKey.objects.get().revoked_at is not None
        moved = {event.data["what"]: event.data["to"] for event in Event.objects.filter(verb="membership.handed_over")}
    assert moved == {"invitations": cast.agency_recruiter.user.pk, "api_keys": None}
    assert roles_of(busy) is None


def test_openings_that_are_not_finished_go_to_the_heir_and_finished_ones_stay(cast):
    with cast.agency_recruiter.active():
        open_one = JobOrder.objects.create(organization=cast.agency, code="AAAAAAAA", created_by=cast.agency_recruiter.user)
        closed = JobOrder.objects.create(
            organization=cast.agency, code="CCCCCCCC", created_by=cast.agency_recruiter.user, state="withdrawn"
        )

    end(cast.agency_owner, cast.agency_recruiter, cast.agency_owner)

    with cast.agency_owner.active():
        makers = dict(JobOrder.objects.values_list("pk", "created_by"))
    assert makers == {open_one.pk: cast.agency_owner.user.pk, closed.pk: cast.agency_recruiter.user.pk}


def test_without_an_heir_nobody_who_holds_something_goes(cast, busy):
    with pytest.raises(service.ValidationError):
        end(cast.agency_owner, busy)
    with pytest.raises(service.ValidationError):
        end(cast.agency_owner, busy, busy)

    assert roles_of(busy) == ["manager"]


def test_the_page_shows_what_changes_hands_and_does_it(cast, busy, client_for):
    browser = client_for(cast.agency_owner)
    membership = row_of(busy)

    page = browser.get(url("member_end", cast.agency, membership.pk))
    refused = browser.post(url("member_end", cast.agency, membership.pk), {"heir": ""})
    done = browser.post(url("member_end", cast.agency, membership.pk), {"heir": row_of(cast.agency_viewer).pk})

    assert "Invitations that wait for an answer" in page.text
    assert "Choose who takes over." in refused.text
    assert done.status_code == 302
    assert roles_of(busy) is None


def test_a_member_of_another_organization_cannot_take_over(cast, busy, client_for):
    answer = client_for(cast.agency_owner).post(
        url("member_end", cast.agency, row_of(busy).pk), {"heir": row_of(cast.rival_owner).pk}
    )

    assert "This person does not exist." in answer.text
    assert roles_of(busy) == ["manager"]


def test_who_left_loses_the_desk_at_once(cast, client_for):
    browser = client_for(cast.agency_viewer)
    before = browser.get(url("desk", cast.agency)).status_code

    left = browser.post(url("member_end", cast.agency, row_of(cast.agency_viewer).pk), {})

    assert before == 200
    assert left.status_code == 302
    assert browser.get(url("desk", cast.agency)).status_code == 404


def test_a_person_who_comes_back_has_a_new_membership(cast):
    end(cast.agency_viewer, cast.agency_viewer)

    with cast.agency_owner.active():
        Membership.objects.create(organization=cast.agency, user=cast.agency_viewer.user, roles=["recruiter"])

    assert roles_of(cast.agency_viewer) == ["recruiter"]


@pytest.mark.parametrize("name", ["member_roles", "member_end"])
def test_a_foreign_membership_answers_like_none(cast, client_for, name):
    browser = client_for(cast.agency_owner)

    answers = [browser.get(url(name, cast.agency, pk)) for pk in (row_of(cast.rival_owner).pk, 987654321)]

    assert [answer.status_code for answer in answers] == [404, 404]


@pytest.mark.parametrize("pk", ["0", "9" * 30, "9" * 5000, "١", "abc", "%00"])
def test_a_strange_id_is_not_found(cast, client_for, pk):
    path = url("people", cast.agency) + f"{pk}/"

    assert client_for(cast.agency_owner).get(path).status_code == 404


@pytest.mark.parametrize("slug", ["HOA-SEN", "hoa_sen", "a" * 300, "Hoa-Sen"])
def test_another_spelling_of_the_address_is_no_door(cast, client_for, slug):
    browser = client_for(cast.agency_owner)

    for rest in ("", "people/", "registration/names/", "keys/"):
        assert browser.get(f"/en/o/{slug}/{rest}").status_code == 404


# -- who can see this ---------------------------------------------------------------------------------------------------


def test_the_matrix_is_what_the_policies_say(cast):
    with cast.agency_owner.active():
        rows = dict(capability.matrix(cast.agency_owner.actor().organization, cast.agency_owner.user))

    by_label = {str(label): dict(zip(Role.values, answers, strict=True)) for label, answers in rows.items()}
    assert by_label["Invite people"] == {role: role in ("owner", "manager") for role in Role.values}
    assert by_label["Make somebody an owner or a manager"] == {role: role == "owner" for role in Role.values}
    assert by_label["Withdraw an opening"] == {role: role in ("owner", "manager") for role in Role.values}
    assert all(by_label["See the registration, the permits and the files"].values())


def test_the_page_leaves_out_what_a_kind_does_not_do(cast):
    with cast.caseworker.active():
        labels = [str(label) for label, _answers in capability.matrix(cast.ngo, cast.caseworker.user)]

    assert "Invite people" in labels
    assert "Withdraw an opening" not in labels


def test_the_last_owner_reads_why_before_trying(cast, client_for):
    page = client_for(cast.agency_owner).get(url("member_end", cast.agency, row_of(cast.agency_owner).pk))

    assert "You are the last owner" in page.text
    assert '<button class="btn red"' not in page.text


def test_the_page_names_the_people_of_each_role(cast, client_for):
    page = client_for(cast.agency_viewer).get(url("who_can_see", cast.agency))

    assert page.status_code == 200
    assert str(cast.agency_recruiter.user) in page.text
    assert str(cast.rival_owner.user) not in page.text


def test_lists_ask_the_database_as_often_for_three_as_for_thirty(cast, client_for, django_assert_max_num_queries):
    for _number in range(27):
        a_member(cast.agency, "viewer")
    browser = client_for(cast.agency_owner)

    with django_assert_max_num_queries(30):
        page = browser.get(url("people", cast.agency))

    assert page.text.count("Change roles") == 30
