"""Uploaded proof: made anew, sealed, opened by members and the reviewing regulator only, every look written down."""

import io

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from core.files import FileError, clean_upload
from core.models import Event
from core.policies import Refused
from core.vault import Tampered
from organizations.models import Evidence, Permit, Review
from organizations.services import evidence as service
from organizations.services.review import open_review
from tests.factories.organizations import a_permit

NOW = timezone.now
SECRET = "GPS 21.0285 105.8542"


@pytest.fixture(autouse=True)
def own_storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(name="scan.jpg"):
    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = SECRET
    Image.new("RGB", (60, 40), "white").save(content, "JPEG", exif=exif)
    content.seek(0)
    content.name = name
    return content


def store(member, name="scan.jpg"):
    with member.active():
        clean = clean_upload(picture(name))
        return service.store_evidence(
            organization=member.organization, clean=clean, purpose="permit_scan", actor=member.actor(), now=NOW()
        )


def path_of(organization, pk):
    with override("en"):
        return reverse("organizations:evidence", args=[organization.slug, pk])


def test_what_is_stored_is_sealed_and_says_nothing(cast):
    evidence = store(cast.agency_owner)

    [place] = [f"pending/{name}" for name in default_storage.listdir("pending")[1]]
    with default_storage.open(place) as kept:
        sealed = kept.read()
    assert evidence.stored_name in place
    assert b"JFIF" not in sealed
    assert SECRET.encode() not in sealed


def test_a_member_opens_it_as_an_attachment_without_what_it_told_about_the_place(cast, client_for):
    evidence = store(cast.agency_owner)

    answer = client_for(cast.agency_viewer).get(path_of(cast.agency, evidence.pk))

    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert SECRET.encode() not in answer.content
    assert Image.open(io.BytesIO(answer.content)).size == (60, 40)


def test_every_look_is_an_event_of_the_person(cast, client_for):
    evidence = store(cast.agency_owner)
    browser = client_for(cast.agency_viewer)

    for _look in range(2):
        browser.get(path_of(cast.agency, evidence.pk))

    with cast.agency_owner.active():
        seen = list(Event.objects.filter(verb="evidence.viewed").values_list("actor_id", "subject_id"))
    assert seen == [(cast.agency_viewer.user.pk, evidence.pk)] * 2


def test_a_foreign_file_answers_like_none(cast, client_for):
    evidence = store(cast.agency_owner)
    browser = client_for(cast.rival_owner)

    there, nowhere = (browser.get(path_of(cast.rival, pk)) for pk in (evidence.pk, 987654321))

    assert (there.status_code, nowhere.status_code) == (404, 404)
    with cast.rival_owner.active():
        assert not Event.objects.filter(verb="evidence.viewed").exists()


def test_the_regulator_opens_it_while_it_has_a_review_about_the_organization(cast, client_for):
    evidence = store(cast.agency_owner)
    permit = a_permit(cast.agency, permit_kind="VN-SERVICE", status="not_checked", scan=evidence)
    browser = client_for(cast.officer_one)
    before = browser.get(path_of(cast.regulator, evidence.pk)).status_code
    with cast.agency_owner.active():
        open_review(
            subject_organization=cast.agency,
            subject_type=Review.Subject.PERMIT,
            subject_id=permit.pk,
            title=permit.number,
            actor=cast.agency_owner.actor(),
            now=NOW(),
        )

    answer = browser.get(path_of(cast.regulator, evidence.pk))

    assert (before, answer.status_code) == (404, 200)
    with cast.officer_one.active():
        assert Event.objects.filter(verb="evidence.viewed", organization_id=cast.regulator.pk).count() == 1


def test_a_row_that_points_to_another_file_does_not_open_it(cast):
    one, other = store(cast.agency_owner), store(cast.agency_owner)
    with cast.agency_owner.active():
        Evidence.objects.filter(pk=one.pk).update(stored_name=other.stored_name, wrapped_key=other.wrapped_key)
        swapped = Evidence.objects.get(pk=one.pk)

        with pytest.raises(Tampered):
            service.open_evidence(evidence=swapped, actor=cast.agency_owner.actor(), now=NOW())


def test_a_stranger_is_refused_by_the_service_too(cast):
    evidence = store(cast.agency_owner)

    with cast.rival_owner.active(), pytest.raises(Refused):
        service.open_evidence(evidence=evidence, actor=cast.rival_owner.actor(), now=NOW())


def test_a_hostile_file_name_becomes_a_harmless_one(cast, client_for):
    evidence = store(cast.agency_owner, "../../x\u202egpj.php.jpg")

    answer = client_for(cast.agency_owner).get(path_of(cast.agency, evidence.pk))

    assert "/" not in evidence.display_name
    assert "\u202e" not in evidence.display_name
    assert evidence.display_name.endswith(".jpg")
    assert "\n" not in answer["Content-Disposition"]


def test_an_organization_has_room_for_so_much_and_is_told_beside_the_file(cast, client_for, settings):
    first = store(cast.agency_owner)
    settings.EVIDENCE_QUOTA = first.size + 1

    with pytest.raises(FileError, match="no room left"):
        store(cast.agency_owner)
    store(cast.rival_owner)
    with override("en"):
        address = reverse("organizations:line_add", args=[cast.agency.slug, "permit"])
    page = (
        client_for(cast.agency_owner)
        .post(address, {"permit_kind": "VN-SERVICE", "number": "77/SAMPLE", "upload": picture()})
        .content.decode()
    )

    assert "Your organization has no room left for files" in page
    assert "77/SAMPLE" in page
    with cast.agency_owner.active():
        assert Evidence.objects.count() == 1


def test_files_that_nothing_names_any_more_are_removed(cast):
    kept, dropped = store(cast.agency_owner), store(cast.agency_owner)
    a_permit(cast.agency, permit_kind="VN-SERVICE", scan=kept)

    with cast.agency_owner.active():
        removed = service.drop_unused_evidence(organization=cast.agency, actor=cast.agency_owner.actor(), now=NOW())

    assert removed == 1
    with cast.agency_owner.active():
        assert [evidence.pk for evidence in Evidence.objects.all()] == [kept.pk]
        assert Permit.objects.get().scan_id == kept.pk
        assert Event.objects.filter(verb="evidence.removed", subject_id=dropped.pk).exists()
