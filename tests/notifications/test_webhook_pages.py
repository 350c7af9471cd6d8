"""The pages and the API of connected systems."""

import html
import re

import pytest
from django.test import Client

from notifications.models import Webhook, WebhookDelivery
from notifications.services import webhook_delivery as sending
from tests.factories.webhooks import a_webhook, again, deliveries, happened, noted

DESK = "/en/o/hoa-sen/webhooks/"
API = "/api/v1/o/hoa-sen/webhooks/"
GIVEN = {"name": "Our software", "url": "https://hooks.partner.example/in", "verbs": ["job_order.published", "permit.expired"]}


@pytest.fixture
def owner(cast):
    return cast.agency_owner


@pytest.fixture
def client(owner, client_for):
    return client_for(owner)


def words(answer) -> str:
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())))


def test_a_system_is_connected_and_its_secret_shown_once(client, owner):
    first = client.post(f"{DESK}new/", GIVEN, follow=True)
    place = first.redirect_chain[-1][0]
    second = client.get(place)

    secret = re.search(r"whsec_[\w-]+", first.content.decode())[0]
    assert secret not in second.content.decode()
    assert "Opening published · Permit expired" in words(second)
    assert "Nothing was sent yet." in words(second)
    assert "Our software" in words(client.get(DESK))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": ""}, "Write what the system is called."),
        ({"url": ""}, "Write the address of the system."),
        ({"url": "http://hooks.partner.example/"}, "The address must begin with https://"),
        ({"url": "https://10.0.0.1/"}, "Write the name of the computer, not its number."),
        ({"verbs": []}, "Choose at least one fact of the list."),
        ({"verbs": ["grievance.filed"]}, "grievance.filed"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(client, owner, wrong, said):
    answer = client.post(f"{DESK}new/", {**GIVEN, **wrong})

    page = answer.content.decode()
    assert said in words(answer)
    for name, value in {**GIVEN, **wrong}.items():
        if isinstance(value, str) and value:
            assert f'value="{value}"' in page, name
    assert deliveries(owner) == []


def test_the_desk_is_empty_in_words(client):
    assert "No system is connected yet." in words(client.get(DESK))


def test_a_connection_is_changed(client, owner):
    row, _secret = a_webhook(owner)

    page = client.get(f"{DESK}{row.pk}/edit/").content.decode()
    client.post(f"{DESK}{row.pk}/edit/", {**GIVEN, "name": "Other"})

    assert 'value="https://hooks.partner.example/in"' in page
    assert again(owner, row).name == "Other"


@pytest.mark.parametrize(("verb", "state"), [("pause", "paused"), ("resume", "on"), ("delete", "closed")])
def test_each_question_has_one_button(client, owner, verb, state):
    row, _secret = a_webhook(owner)

    assert client.get(f"{DESK}{row.pk}/{verb}/").status_code == 200
    client.post(f"{DESK}{row.pk}/{verb}/")

    assert again(owner, row).state == state


def test_a_deleted_connection_has_no_page(client, owner):
    row, _secret = a_webhook(owner)
    client.post(f"{DESK}{row.pk}/delete/")

    assert [client.get(f"{DESK}{row.pk}/{rest}").status_code for rest in ("", "edit/", "pause/")] == [404, 404, 404]


def test_an_unknown_question_is_not_found(client, owner):
    row, _secret = a_webhook(owner)

    assert client.get(f"{DESK}{row.pk}/explode/").status_code == 404


def test_a_new_secret_is_shown_once_with_the_end_of_the_old(client, owner):
    row, old = a_webhook(owner)

    answer = client.post(f"{DESK}{row.pk}/secret/", follow=True)

    new = re.search(r"whsec_[\w-]+", answer.content.decode())[0]
    assert new != old
    assert "signs beside the new one until" in words(answer)


def test_a_test_is_sent_and_its_outcome_stands_in_the_log(client, owner, far):
    row, _secret = a_webhook(owner, url=far.url)
    far.answer(500)

    client.post(f"{DESK}{row.pk}/test/")
    sending.send_due()
    page = words(client.get(f"{DESK}{row.pk}/"))

    assert far.calls[0].headers["terang-event"] == "webhook.test"
    assert "Test message" in page
    assert "The system answered 500." in page
    assert "next try" in page


def test_the_log_is_filtered_and_paged(client, owner, monkeypatch):
    row, _secret = a_webhook(owner)
    monkeypatch.setattr("notifications.views.webhook.WebhookDetail.page_size", 2)
    for _number in range(3):
        noted(owner, happened(owner))
    with owner.active():
        WebhookDelivery.objects.filter(pk=deliveries(owner)[0].pk).update(state="dead", error="tls")

    first = client.get(f"{DESK}{row.pk}/")
    address = html.unescape(re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1])
    second = client.get(f"{DESK}{row.pk}/{address}")
    only_dead = client.get(f"{DESK}{row.pk}/", {"state": "dead"})
    none = client.get(f"{DESK}{row.pk}/", {"verb": "permit.expired"})

    rows = [answer.content.decode().count("/webhooks/messages/") for answer in (first, second, only_dead, none)]
    assert rows == [2, 1, 1, 0]
    assert "The certificate of the system is not valid" in words(only_dead)
    assert "No message fits this." in words(none)


def test_a_message_is_shown_and_sent_once_more(client, owner, far):
    a_webhook(owner, url=far.url)
    noted(owner, happened(owner))
    sending.send_due()
    place = f"{DESK}messages/{deliveries(owner)[0].pk}/"

    page = words(client.get(place))
    client.post(place)
    sending.send_due()

    assert '"event":"job_order.published"' in page
    first, second = far.calls
    assert first.body == second.body
    assert first.headers["terang-delivery"] != second.headers["terang-delivery"]
    assert deliveries(owner)[1].replay_of_id == deliveries(owner)[0].pk


# -- API ----------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def call(owner, api_key):
    """`call("post", "", {...})` with the key of the owner (or of `by`)."""

    def ask(method, rest="", body=None, by=None):
        key = {"Authorization": f"Bearer {api_key(by or owner)}"}
        options = {"content_type": "application/json", "data": body} if method in ("post", "patch") and body is not None else {}
        return getattr(Client(), method)(f"{API}{rest}", headers=key, **options)

    return ask


def test_a_program_connects_reads_and_ends_a_connection(call, owner):
    made = call("post", "", GIVEN)
    body = made.json()

    assert (made.status_code, made["Location"]) == (201, f"{API}{body['id']}/")
    assert body["secret"].startswith("whsec_")
    assert call("get").json()["results"] == [{key: value for key, value in body.items() if key != "secret"}]
    assert call("get", f"{body['id']}/").json()["url"] == GIVEN["url"]
    assert call("delete", f"{body['id']}/").status_code == 204
    assert call("get", f"{body['id']}/").status_code == 404


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"url": "http://x.example/"}, "/url"),
        ({"verbs": ["grievance.filed"]}, "/verbs"),
        ({"verbs": []}, "/verbs"),
        ({"name": ""}, "/name"),
        ({"secret": "mine"}, "/secret"),
    ],
)
def test_a_program_is_told_what_is_wrong_and_where(call, change, pointer):
    answer = call("post", "", {**GIVEN, **change})

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["pointer"].split("/0")[0] for error in answer.json()["errors"]] == [pointer]


def test_a_program_reads_the_log_and_sends_again(call, owner, far):
    row, _secret = a_webhook(owner, url=far.url)
    noted(owner, happened(owner))
    sending.send_due()

    log = call("get", f"{row.pk}/deliveries/").json()["results"]
    replayed = call("post", f"{row.pk}/deliveries/{log[0]['id']}/replay/")
    early = call("post", f"{row.pk}/deliveries/{replayed.json()['id']}/replay/")
    delivered = call("get", f"{row.pk}/deliveries/?state=delivered").json()["results"]

    assert [(entry["event"], entry["state"], entry["status"]) for entry in log] == [("job_order.published", "delivered", 200)]
    assert (replayed.status_code, replayed.json()["replay_of"]) == (201, log[0]["id"])
    assert early.status_code == 409
    assert delivered == log
    assert call("get", f"{row.pk}/deliveries/?state=nonsense").status_code == 400


def test_a_key_without_the_role_is_refused_and_another_organization_finds_nothing(cast, call, owner):
    row, _secret = a_webhook(owner)

    assert call("get", by=cast.agency_recruiter).status_code == 403
    assert call("post", "", GIVEN, by=cast.agency_recruiter).status_code == 403
    assert call("get", by=cast.rival_owner).status_code == 403
    with owner.active():
        assert Webhook.objects.filter(pk=row.pk).exists()


def test_the_schema_names_the_doors(client):
    schema = Client().get("/api/v1/schema/", headers={"Accept": "application/json"}).content.decode()

    for name in ("own_webhooks_create", "own_webhook_deliveries_replay", "NewWebhookOut", "WebhookIn"):
        assert name in schema
