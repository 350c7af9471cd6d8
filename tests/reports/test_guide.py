"""The guide shows only what has a source, and the real numbers of fields and prefectures."""

import pytest
from django.utils import timezone

from recruitment.selectors.names import reference
from reports.selectors import guide


@pytest.mark.django_db
def test_programmes_have_a_source_and_fields_are_nineteen_and_seventeen():
    fields = guide.fields()

    assert {row.pk for row in guide.programmes()} == {"TITP1", "TITP2", "TITP3", "ESD", "SSW1", "SSW2"}
    assert (sum(row.ssw for row in fields), sum(row.esd for row in fields)) == (19, 17)


@pytest.mark.django_db
def test_regions_hold_every_prefecture_once():
    listed = [row["code"] for region in guide.regions(now=timezone.now()) for row in region["prefectures"]]

    assert sorted(listed) == sorted(reference().prefectures)
    assert len(listed) == 47


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["vi", "id", "en", "ja"])
@pytest.mark.parametrize("name", ["", "programmes/", "prefectures/", "paid/"])
def test_guide_pages_answer(client, language, name):
    assert client.get(f"/{language}/guide/{name}").status_code == 200


@pytest.mark.django_db
def test_the_page_of_programmes_names_dates_and_links_openings(client):
    page = client.get("/en/guide/programmes/").content.decode()

    assert "1 April 2027" in page
    assert "30 June 2027" in page
    assert "from memory" not in page
    assert "Engineer" not in page.split("</main>")[0].split("<main")[1]
