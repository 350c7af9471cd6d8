"""An invitation works once, for seven days, for one address; every other answer is the same."""

import re
import threading
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from core import tenancy
from core.models import Event
from core.policies import Conflict, Refused
from organizations import tasks
from organizations.models import Invitation, Membership
from organizations.selectors.membership import hash_of, invitation_by_token
from organizations.services import invitation as service
from tests.factories.organizations import Member, a_member, a_user, an_organization

NOW = timezone.now


def url(name, organization, *rest):
    with override("en"):
        return reverse(f"organizations:{name}", args=[organization.slug, *rest])


def a_person(email="lan@agency.example", *, verified=True) -> Member:
    """A person with an account under this address, in no organization."""
    user = a_user("Lan")
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    return Member(user)


def invite(owner, *, email="lan@agency.example", roles=("recruiter",), now=None):
    """An invitation and the token of its link."""
    with owner.active():
        made = service.invite(
            organization=owner.organization, email=email, roles=list(roles), actor=owner.actor(), now=now or NOW()
        )
        return made, service.renew_token(invitation=made)


def roles_in(organization, member):
    with tenancy.activate(member.user.pk, organization.pk):
        found = Membership.objects.filter(user=member.user, ended_at=None).first()
        return found.roles if found else None


def test_the_link_makes_a_member_once(cast, client_for):
    _invitation, token = invite(cast.agency_owner)
    person = a_person()
    browser = client_for(person)

    page = browser.get(f"/en/invitation/{token}/")
    accepted = browser.post(f"/en/invitation/{token}/")
    again = browser.get(f"/en/invitation/{token}/")

    assert cast.agency.legal_name in page.text
    assert accepted.url == url("desk", cast.agency)
    assert roles_in(cast.agency, person) == ["recruiter"]
    assert again.status_code == 404
    assert browser.get(url("desk", cast.agency)).status_code == 200


def test_every_other_link_gets_one_and_the_same_answer(cast, client_for):
    _used, used_token = invite(cast.agency_owner)
    _old, old_token = invite(cast.agency_owner, email="old@agency.example", now=NOW() - timedelta(days=8))
    back, back_token = invite(cast.agency_owner, email="back@agency.example")
    _other, other_token = invite(cast.agency_owner, email="somebody@agency.example")
    person = a_person()
    for email in ("old@agency.example", "back@agency.example"):
        EmailAddress.objects.create(user=person.user, email=email, verified=True)
    with cast.agency_owner.active():
        service.revoke_invitation(invitation=back, actor=cast.agency_owner.actor(), now=NOW())
    browser = client_for(person)
    browser.post(f"/en/invitation/{used_token}/")

    answers = {
        name: browser.get(f"/en/invitation/{token}/")
        for name, token in {
            "used": used_token,
            "run out": old_token,
            "taken back": back_token,
            "somebody else's": other_token,
            "unknown": "x" * 43,
            "not a token": "%00",
            "long": "y" * 2000,
        }.items()
    }

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(answers, 404)
    bodies = {re.sub(r"/invitation/[^/\"]*/", "", answer.text) for name, answer in answers.items()}
    assert len(bodies) == 1


def test_an_address_that_is_not_confirmed_does_not_count(cast, client_for):
    _invitation, token = invite(cast.agency_owner)

    answer = client_for(a_person(verified=False)).get(f"/en/invitation/{token}/")

    assert answer.status_code == 404


def test_the_database_itself_shows_the_row_to_the_addressee_only(cast):
    _invitation, token = invite(cast.agency_owner, email="Lan@Agency.example")
    person = a_person()

    with person.active():
        assert invitation_by_token(token, now=NOW()) is not None
        assert Invitation.reachable.count() == 1
    with cast.worker.active():
        assert invitation_by_token(token, now=NOW()) is None
        assert Invitation.reachable.count() == 0


def test_only_the_hash_of_the_token_is_stored(cast):
    made, token = invite(cast.agency_owner)

    assert made.token_hash == hash_of(token)
    assert token not in str(vars(made))


def test_the_link_of_a_signed_out_person_leads_through_sign_in(cast, anonymous):
    _invitation, token = invite(cast.agency_owner)

    answer = anonymous.get(f"/en/invitation/{token}/")

    assert answer.status_code == 302
    assert token in answer.url


def test_pressing_twice_at_once_makes_one_member(committed):
    organization = an_organization("moi-hai-lan")
    owner = a_member(organization, "owner")
    _invitation, token = invite(owner)
    person = a_person()
    start, outcomes = threading.Barrier(2), []

    def accept():
        try:
            with person.active():
                found = invitation_by_token(token, now=NOW())
                start.wait()
                service.accept_invitation(invitation=found, actor=person.actor(), now=NOW())
            outcomes.append("in")
        except Conflict:
            outcomes.append("too late")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=accept) for _press in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["in", "too late"]
    with tenancy.activate(None, organization.pk):
        assert Membership.objects.filter(user=person.user).count() == 1


def test_a_second_invitation_of_an_address_ends_the_first(cast):
    first, _token = invite(cast.agency_owner)
    second, _token = invite(cast.agency_owner, email="LAN@agency.example", roles=("viewer",))

    with cast.agency_owner.active():
        assert Invitation.objects.get(pk=first.pk).revoked_at is not None
        assert Invitation.objects.get(pk=second.pk).revoked_at is None


def test_a_member_is_not_invited_again(cast):
    with pytest.raises(ValidationError) as refusal:
        invite(cast.agency_owner, email=cast.agency_viewer.user.email.upper())

    assert list(refusal.value.message_dict) == ["email"]


@pytest.mark.parametrize(("who", "roles"), [("recruiter", ("viewer",)), ("viewer", ("viewer",)), ("manager", ("owner",))])
def test_who_may_not_invite_does_not(cast, who, roles):
    member = a_member(cast.agency, who)

    with pytest.raises(Refused):
        invite(member, roles=roles)


def test_the_form_makes_one_invitation_and_says_what_is_wrong(cast, client_for):
    browser = client_for(cast.agency_owner)
    answers = {"email": "lan@agency.example", "roles": ["recruiter"], "_once": "i" * 24}

    wrong = browser.post(url("invite", cast.agency), {"email": "lan", "roles": [], "_once": "j" * 24})
    for _press in range(3):
        browser.post(url("invite", cast.agency), answers)

    assert "This is not an e-mail address." in wrong.text
    assert 'value="lan"' in wrong.text
    with cast.agency_owner.active():
        assert Invitation.objects.count() == 1


def test_a_foreign_invitation_answers_like_none(cast, client_for):
    foreign, _token = invite(cast.rival_owner)
    browser = client_for(cast.agency_owner)

    answers = [browser.post(url("invitation_revoke", cast.agency, pk)) for pk in (foreign.pk, 987654321)]

    assert [answer.status_code for answer in answers] == [404, 404]
    with cast.rival_owner.active():
        assert Invitation.objects.get(pk=foreign.pk).revoked_at is None


# -- the mail -----------------------------------------------------------------------------------------------------------


def deliver(owner):
    with owner.active():
        tasks.send_invitation(Event.objects.filter(verb="invitation.sent").latest("pk"))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_mail_carries_a_link_that_works_in_the_language_of_the_organization(cast, client_for, language):
    with cast.agency_owner.active():
        type(cast.agency).objects.filter(pk=cast.agency.pk).update(language=language)
    invite(cast.agency_owner)

    deliver(cast.agency_owner)

    [letter] = mail.outbox
    link = re.search(r"https?://\S+", letter.body).group()
    assert letter.to == ["lan@agency.example"]
    assert cast.agency.legal_name in letter.subject
    assert f"/{language}/invitation/" in link
    assert client_for(a_person()).get(link.split("/", 3)[3].join(["/", ""])).status_code == 200


def test_a_second_delivery_ends_the_link_of_the_first(cast, client_for):
    invite(cast.agency_owner)

    deliver(cast.agency_owner)
    deliver(cast.agency_owner)

    links = [re.search(r"/en/invitation/\S+|/vi/invitation/\S+", letter.body).group() for letter in mail.outbox]
    browser = client_for(a_person())
    assert [browser.get(link).status_code for link in links] == [404, 200]


def test_no_mail_goes_out_for_an_invitation_that_was_taken_back(cast):
    made, _token = invite(cast.agency_owner)
    with cast.agency_owner.active():
        service.revoke_invitation(invitation=made, actor=cast.agency_owner.actor(), now=NOW())

    with cast.agency_owner.active():
        tasks.send_invitation(Event.objects.get(verb="invitation.sent"))

    assert mail.outbox == []
