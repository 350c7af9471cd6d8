"""The careful door for JSON, row by row of the hostile table (B01 to B59, B67 to B77, B101)."""

import json

import pytest
from django.test import Client

from core.api import MAX_BYTES

HOSTILE = [
    ("B01 broken", b'{"title":', 400, "malformed_json"),
    ("B02 empty", b"", 400, "object_expected"),
    ("B02 null", b"null", 400, "object_expected"),
    ("B02 list", b"[]", 400, "object_expected"),
    ("B03 deep", b'{"a":' * 10_000, 400, "too_deep"),
    ("B04 deeper", b"[" * 100_000, 400, "too_deep"),
    ("B05 deep list", b'{"city":' + b"[" * 900 + b"]" * 900 + b"}", 400, "too_deep"),
    ("B06 twice", b'{"city":"A","city":"B"}', 400, "duplicate_key"),
    ("B07 typo", b'{"citi":"A"}', 400, "unknown_field"),
    ("B08 privileged state", b'{"state":"published"}', 400, "unknown_field"),
    ("B08 privileged tenant", b'{"organization_id":1}', 400, "unknown_field"),
    ("B08 privileged id", b'{"id":5}', 400, "unknown_field"),
    (
        "B08 privileged verdict",
        b'{"fees":[{"item":"F1","currency":"VND","payer":"worker","legal_verdict":"legal"}]}',
        400,
        "unknown_field",
    ),
    ("B08 privileged staff", b'{"is_staff":true}', 400, "unknown_field"),
    ("B09 NaN", b'{"wage_base":NaN}', 400, "not_a_number"),
    ("B10 digits", b'{"wage_base":' + b"9" * 5000 + b"}", 400, "number_too_large"),
    ("B11 bytes", b'{"city":"\xff"}', 400, "encoding"),
    ("B11 utf-16", '{"city":"A"}'.encode("utf-16"), 400, "encoding"),
    ("B18 large", b'{"city":"' + b"a" * MAX_BYTES + b'"}', 413, "too_large"),
    ("B21 list for text", b'{"city":[]}', 400, "not_a_string"),
    ("B21 true for number", b'{"places":true}', 400, "not_an_integer"),
    ("B22 number for text", b'{"city":5}', 400, "not_a_string"),
    ("B25 null in value", b'{"city":"a\\u0000b"}', 400, "null_char"),
    ("B25 null in key", b'{"ci\\u0000ty":"a"}', 400, "null_char"),
    ("B26 half a character", b'{"city":"\\ud800"}', 400, "invalid_unicode"),
    ("B27 invisible", '{"employer_name":"\u200b\u200b"}'.encode(), 400, "blank"),
    ("B28 direction", '{"employer_name":"a\u202eb"}'.encode(), 400, "bidi_control"),
    ("B29 line break", b'{"employer_name":"a\\r\\nBcc: x"}', 400, "control_char"),
    ("B34 marks", ('{"employer_name":"a' + "\u0301" * 60 + '"}').encode(), 400, "too_many_marks"),
    ("B40 negative", b'{"fees":[{"item":"F1","amount":-1,"currency":"VND","payer":"worker"}]}', 400, "min_value"),
    ("B42 NaN as text", b'{"wage_base":"NaN"}', 400, "not_an_integer"),
    ("B42 sNaN as text", b'{"hours_per_day":"sNaN"}', 400, "invalid"),
    ("B43 tiny", b'{"hours_per_day":1e-400}', 400, "number_too_large"),
    ("B43 huge", b'{"wage_base":1e400}', 400, "number_too_large"),
    ("B44 text amount", b'{"wage_base":"1_000"}', 400, "not_an_integer"),
    ("B45 other digits", '{"wage_base":"١٢"}'.encode(), 400, "not_an_integer"),
    ("B46 local format", b'{"wage_base":"1.000,50"}', 400, "not_an_integer"),
    ("B47 half a dong", b'{"fees":[{"item":"F1","amount":0.5,"currency":"VND","payer":"worker"}]}', 400, "not_an_integer"),
    ("B47 half a yen", b'{"wage_base":0.5}', 400, "not_an_integer"),
    ("B48 small letters", b'{"fees":[{"item":"F1","amount":1,"currency":"vnd","payer":"worker"}]}', 400, "currency"),
    ("B48 no currency", b'{"fees":[{"item":"F1","amount":1,"payer":"worker"}]}', 400, "required"),
    ("B48 currency", b'{"fees":[{"item":"F1","amount":1,"currency":"XXX","payer":"worker"}]}', 400, "currency"),
    ("B50 seats 2^31", b'{"places":2147483648}', 400, "max_value"),
    ("B50 seats 2^63", b'{"places":9223372036854775808}', 400, "number_too_large"),
    ("B50 seats true", b'{"places":true}', 400, "not_an_integer"),
    ("B50 seats 1e2", b'{"places":1e2}', 400, "not_an_integer"),
    ("B50 seats 1.5", b'{"places":1.5}', 400, "not_an_integer"),
    ("B51 no such day", b'{"departure_on":"2027-02-30"}', 400, "invalid_date"),
    ("B51 month 13", b'{"departure_on":"2027-13-01"}', 400, "invalid_date"),
    ("B51 no leap year", b'{"departure_on":"2026-02-29"}', 400, "invalid_date"),
    ("B52 year 10000", b'{"departure_on":"10000-01-01"}', 400, "invalid_date"),
    ("B52 year 0", b'{"departure_on":"0000-01-01"}', 400, "invalid_date"),
    ("B52 other digits", '{"departure_on":"٢٠٢٧-01-01"}'.encode(), 400, "invalid_date"),
    ("B53 far", b'{"departure_on":"9999-12-31"}', 400, "date_range"),
    ("B54 moment", b'{"departure_on":"2027-01-01T23:59:60-14:00"}', 400, "invalid_date"),
    ("B55 ages upside down", b'{"age_min":40,"age_max":20,"age_reason":"Law 1"}', 400, "age_range"),
    ("B55 days upside down", b'{"selection_on":"2027-05-02","departure_on":"2027-05-01"}', 400, "date_order"),
    ("B59 list for a code", b'{"prefecture":["22"]}', 400, "not_a_string"),
    ("B59 unknown code", b'{"prefecture":"99"}', 400, "not_found"),
]


@pytest.fixture
def door(cast, api_key):
    """A browserless client of the agency's own systems; `call(method, path, …)`."""
    key = api_key(cast.agency_recruiter)
    client = Client()

    def call(method, path="", body=None, **headers):
        data = body if isinstance(body, bytes) else json.dumps(body or {}).encode()
        address = path if path.startswith("/") else f"/api/v1/o/hoa-sen/openings/{path}"
        sent = {"Authorization": f"Bearer {key}", **headers}
        if method == "get":
            return client.get(address, headers=sent)
        return client.generic(
            method.upper(), address, data, content_type=sent.pop("content_type", "application/json"), headers=sent
        )

    return call


def codes_of(answer) -> set[str]:
    body = answer.json()
    return {body["code"], *(error["code"] for error in body["errors"])}


@pytest.mark.parametrize(("body", "status", "code"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_a_hostile_body_gets_its_own_refusal(door, cast, body, status, code):
    answer = door("post", body=body)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert code in codes_of(answer)
    assert answer.json()["incident"] != ""
    assert door("get").json()["results"] == []


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"content_type": "application/json; charset=bogus"}, 415),
        ({"content_type": "application/xml"}, 415),
        ({"content_type": "multipart/form-data"}, 415),
        ({"Content-Encoding": "gzip"}, 415),
    ],
    ids=["B12 charset", "B13 XML", "B15 multipart", "B20 gzip"],
)
def test_other_shapes_of_body_are_refused(door, headers, status):
    assert door("post", body={"city": "A"}, **headers).status_code == status


def test_b14_other_answers_are_not_offered(door):
    assert door("get", **{"Accept": "application/xml"}).status_code == 406


def test_b19_methods(door):
    assert door("put", body={}).status_code == 405
    assert door("post", body={"city": "A"}, **{"X-HTTP-Method-Override": "DELETE"}).status_code == 201


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("limit=0", 400, "invalid_filter"),
        ("limit=-1", 400, "invalid_filter"),
        ("limit=1000000", 400, "invalid_filter"),
        ("limit=" + "9" * 30, 400, "invalid_filter"),
        ("after=cD0lMDA=", 404, "invalid_cursor"),
        ("unknownfilter=1", 400, "unknown_parameter"),
        ("ordering=password", 400, "unknown_parameter"),
        ("state=draft&state=published", 400, "repeated_parameter"),
        ("state[]=draft", 400, "unknown_parameter"),
        ("offset=1000000000000000000", 400, "unknown_parameter"),
        ("page=-1", 400, "unknown_parameter"),
        ("id__in=1,2", 400, "unknown_parameter"),
        ("start__year=0", 400, "unknown_parameter"),
        ("limit=%D9%A1", 400, "invalid_filter"),
        ("state=nonsense", 400, "invalid_filter"),
        ("q=%00", 400, "invalid_filter"),
    ],
)
def test_a_hostile_query_gets_its_own_refusal(door, query, status, code):
    answer = door("get", f"?{query}")

    assert answer.status_code == status
    assert code in codes_of(answer)


@pytest.mark.parametrize("path", ["١", "9" * 500, "%00", "ABCD-EFGH", "../../x"])
def test_a_hostile_code_is_not_found(door, path):
    assert door("get", f"{path}/").status_code == 404


def test_without_a_key_or_with_a_strange_one_there_is_one_answer(cast, api_key):
    key = api_key(cast.rival_owner)
    client = Client()
    bodies = set()
    for header in ({}, {"Authorization": "Bearer x"}, {"Authorization": f"Bearer {key}"}, {"Authorization": f"Basic {key}"}):
        answer = client.get("/api/v1/o/hoa-sen/openings/", headers=header)
        bodies.add((answer.status_code, answer.json()["code"], answer.json()["detail"]))

    assert len(bodies) == 1
    assert next(iter(bodies))[0] in (401, 403)


def test_another_organizations_opening_looks_like_one_that_never_was(door, cast, api_key):
    made = door("post", body={"city": "Yaizu"}).json()
    rival = api_key(cast.rival_owner)
    client = Client()

    foreign = client.get(f"/api/v1/o/bien-xanh/openings/{made['code']}/", headers={"Authorization": f"Bearer {rival}"})
    random = client.get("/api/v1/o/bien-xanh/openings/ABCD-EFGH/", headers={"Authorization": f"Bearer {rival}"})

    assert (foreign.status_code, random.status_code) == (404, 404)
    assert {**foreign.json(), "incident": ""} == {**random.json(), "incident": ""}


def test_a_repeated_request_makes_one_opening(door):
    first = door("post", body={"city": "Yaizu"}, **{"Idempotency-Key": "order-2026-0001"})
    second = door("post", body={"city": "Yaizu"}, **{"Idempotency-Key": "order-2026-0001"})
    other = door("post", body={"city": "Kobe"}, **{"Idempotency-Key": "order-2026-0001"})

    assert (first.status_code, second.status_code, other.status_code) == (201, 201, 422)
    assert first.json()["code"] == second.json()["code"]
    assert len(door("get").json()["results"]) == 1


def test_a_draft_is_written_judged_and_read_back(door):
    made = door(
        "post",
        body={
            "origin": "VN",
            "programme": "SSW1",
            "field": "FOOD",
            "wage_base": 196000,
            "contract_months": 36,
            "fees": [{"item": "X2", "amount": 20000000, "currency": "VND", "payer": "worker"}],
        },
    ).json()

    read = door("get", f"{made['code']}/").json()

    assert (read["wage_base"], read["fees"][0]["amount"], read["fees"][0]["legal_verdict"]) == (196000, 20000000, "forbidden")


def test_a_draft_with_a_deposit_cannot_be_sent(door):
    made = door("post", body={"fees": [{"item": "X2", "amount": 1, "currency": "VND", "payer": "worker"}]}).json()

    answer = door("post", f"{made['code']}/submit/")

    assert answer.status_code == 400
    assert codes_of(answer) & {"fee_forbidden", "required"}


IMPORTS = [
    ("B02 no openings", {"openings": []}, 400, "min_length"),
    ("B07 typo", {"openings": [{}], "dryrun": True}, 400, "unknown_field"),
    ("B21 text for list", {"openings": "x"}, 400, "not_a_list"),
    ("B21 number for opening", {"openings": [5]}, 400, "not_a_dict"),
    ("B21 text for true", {"openings": [{}], "submit": "perhaps"}, 400, "invalid"),
    ("B101 too many", {"openings": [{}] * 5001}, 400, "max_length"),
]


@pytest.mark.parametrize(("body", "status", "code"), [row[1:] for row in IMPORTS], ids=[row[0] for row in IMPORTS])
def test_a_hostile_list_of_openings_gets_its_own_refusal(door, body, status, code):
    answer = door("post", "/api/v1/o/hoa-sen/imports/", body=body)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert code in codes_of(answer)


ROWS = [
    ("B08 privileged", {"state": "published"}, "unknown_field"),
    ("B28 direction", {"city": "a\u202eb"}, "bidi_control"),
    ("B40 negative", {"wage_base": -1}, "min_value"),
    ("B50 1.5", {"places": 1.5}, "number_format"),
    ("B51 no such day", {"departure_on": "2027-02-30"}, "invalid_date"),
    ("B53 far", {"departure_on": "9999-12-31"}, "date_range"),
    ("B59 unknown code", {"prefecture": "99"}, "not_found"),
]


@pytest.mark.parametrize(("opening", "code"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_hostile_opening_in_a_list_is_named_in_the_report(door, opening, code):
    answer = door("post", "/api/v1/o/hoa-sen/imports/", body={"openings": [opening], "dry_run": False})

    assert (answer.status_code, answer.json()["state"]) == (201, "refused")
    assert code in {error["code"] for error in answer.json()["report"]["errors"]}
    assert door("get").json()["results"] == []


def test_pages_of_the_list_follow_a_signed_cursor(door):
    for number in range(3):
        door("post", body={"city": f"City {number}"})

    first = door("get", "?limit=2").json()
    second = door("get", f"?limit=2&after={first['next']}").json()

    assert (len(first["results"]), len(second["results"]), second["next"]) == (2, 1, None)


def test_the_schema_describes_every_door(db):
    answer = Client().get("/api/v1/schema/", headers={"Accept": "application/vnd.oai.openapi+json"})

    assert answer.status_code == 200
    assert set(answer.json()["paths"]) >= {"/api/v1/jobs/", "/api/v1/organizations/", "/api/v1/o/{organization}/openings/"}


def test_many_openings_are_checked_row_by_row_and_stored_all_or_none(door):
    right = {"external_id": "A-1", "city": "Yaizu", "wage_base": 196000}
    wrong = {"external_id": "A-2", "city": "Yaizu", "wage_base": -1}

    refused = door("post", "/api/v1/o/hoa-sen/imports/", body={"openings": [right, wrong], "dry_run": False})
    nothing = door("get").json()["results"]
    stored = door("post", "/api/v1/o/hoa-sen/imports/", body={"openings": [right], "dry_run": False})
    read = door("get", stored["Location"]).json()

    assert (refused.status_code, refused.json()["state"], nothing) == (201, "refused", [])
    assert {error["row"] for error in refused.json()["report"]["errors"]} == {2}
    assert (read["state"], read["rows"]) == ("done", 1)
    assert [row["external_id"] for row in door("get").json()["results"]] == ["A-1"]
