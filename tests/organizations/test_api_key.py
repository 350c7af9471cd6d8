"""A key is shown once, acts as its maker and ends with the maker."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from core.models import Event
from core.policies import Refused
from organizations.models import ApiKey, Membership
from organizations.selectors.membership import hash_of, member_of_key, organization_id_in
from organizations.services import api_key as service
from organizations.services.membership import end_membership

NOW = timezone.now


def url(name, organization, *rest):
    with override("en"):
        return reverse(f"organizations:{name}", args=[organization.slug, *rest])


def make(member, name="Software"):
    with member.active():
        return service.create_api_key(organization=member.organization, name=name, actor=member.actor(), now=NOW())


def test_a_key_says_whose_it_is_and_only_its_hash_is_stored(cast):
    row, key = make(cast.agency_recruiter)

    assert organization_id_in(key) == cast.agency.pk
    assert row.key_hash == hash_of(key)
    assert key not in str(vars(row))
    assert key.startswith(row.prefix)


def test_a_key_acts_as_the_member_who_made_it(cast):
    _row, key = make(cast.agency_recruiter)

    organization, membership, _found = member_of_key(key)

    assert organization == cast.agency
    assert (membership.user, membership.roles) == (cast.agency_recruiter.user, ["recruiter"])


@pytest.mark.parametrize(
    "key", ["", "trg", "trg__", "trg_1_", "trg_zzzzzzzzzzzzzzzzz_x", "trg_١_x", "trg_1_unknown", "abc_1_x", "trg_-1_x"]
)
def test_what_is_no_key_is_nobody(cast, key):
    assert member_of_key(key) is None


def test_a_key_with_another_organization_in_it_is_nobody(cast):
    _row, key = make(cast.agency_recruiter)
    own, other = (service._base36(organization.pk) for organization in (cast.agency, cast.rival))

    assert member_of_key(key.replace(f"trg_{own}_", f"trg_{other}_", 1)) is None


def test_a_revoked_key_is_nobody(cast):
    row, key = make(cast.agency_recruiter)

    with cast.agency_owner.active():
        for _again in range(2):
            service.revoke_api_key(api_key=row, actor=cast.agency_owner.actor(), now=NOW())
        assert Event.objects.filter(verb="api_key.revoked").count() == 1

    assert member_of_key(key) is None


def test_a_key_ends_with_its_maker(cast):
    _row, key = make(cast.agency_recruiter)

    with cast.agency_owner.active():
        membership = Membership.objects.select_related("organization").get(user=cast.agency_recruiter.user)
        end_membership(membership=membership, actor=cast.agency_owner.actor(), now=NOW())

    assert member_of_key(key) is None


def test_viewers_make_no_keys_and_recruiters_do_not_end_those_of_others(cast):
    row, _key = make(cast.agency_owner)

    with pytest.raises(Refused):
        make(cast.agency_viewer)
    with cast.agency_recruiter.active(), pytest.raises(Refused):
        service.revoke_api_key(api_key=row, actor=cast.agency_recruiter.actor(), now=NOW())


def test_the_page_shows_a_new_key_once(cast, client_for):
    browser = client_for(cast.agency_recruiter)
    answers = {"name": "Software", "_once": "k" * 24}

    places = {browser.post(url("api_keys", cast.agency), answers).url for _press in range(2)}
    first, second = browser.get(url("api_keys", cast.agency)), browser.get(url("api_keys", cast.agency))

    with cast.agency_recruiter.active():
        row = ApiKey.objects.get()
    [shown] = [
        word for word in first.text.replace("<", " ").replace(">", " ").split() if word.startswith("trg_") and "…" not in word
    ]
    assert places == {url("api_keys", cast.agency)}
    assert hash_of(shown) == row.key_hash
    assert shown not in second.text


def test_a_key_needs_a_name(cast, client_for):
    answer = client_for(cast.agency_recruiter).post(url("api_keys", cast.agency), {"name": " "})

    assert "Write what the key is for." in answer.text
    with cast.agency_recruiter.active():
        assert ApiKey.objects.count() == 0


def test_a_recruiter_sees_own_keys_an_owner_all(cast, client_for):
    make(cast.agency_owner, "Owner's software")
    make(cast.agency_recruiter, "Recruiter's software")

    mine = client_for(cast.agency_recruiter).get(url("api_keys", cast.agency)).text
    all_of_them = client_for(cast.agency_owner).get(url("api_keys", cast.agency)).text

    assert "Owner&#x27;s software" not in mine
    assert "Recruiter&#x27;s software" in mine
    assert "Owner&#x27;s software" in all_of_them
    assert "Recruiter&#x27;s software" in all_of_them


def test_a_foreign_key_answers_like_none(cast, client_for):
    row, _key = make(cast.rival_owner)
    browser = client_for(cast.agency_owner)

    answers = [browser.post(url("api_key_revoke", cast.agency, pk)) for pk in (row.pk, 987654321)]

    assert [answer.status_code for answer in answers] == [404, 404]
