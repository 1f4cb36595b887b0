"""Dates, working time, rupiah and masks as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils.translation import override

from pendapa.web.shown import ShownChoice, ShownField, errors_of
from pendapa.web.templatetags import pendapa as filters

# 16 March 2026 is a Monday; 02.12 UTC is 09.12 in Jakarta (UTC+7).
RECEIVED = datetime(2026, 3, 16, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _jakarta(monkeypatch: pytest.MonkeyPatch) -> None:
    from zoneinfo import ZoneInfo

    monkeypatch.setattr(filters.organisation, "zone", lambda: ZoneInfo("Asia/Jakarta"))


def test_moments_are_said_in_the_zone_and_language_of_the_page() -> None:
    with override("id"):
        assert filters.long_moment(RECEIVED) == "Senin, 16 Maret 2026, 09.12"
        assert filters.long_date(date(2026, 3, 30)) == "Senin, 30 Maret 2026"
        assert filters.short_date(RECEIVED) == "16 Maret 2026"
    with override("en"):
        assert filters.long_moment(RECEIVED) == "Monday, 16 March 2026, 09:12"
        assert filters.long_date(date(2026, 3, 30)) == "Monday, 30 March 2026"


def test_an_instant_late_in_utc_is_already_the_next_day_here() -> None:
    with override("id"):
        assert filters.long_date(datetime(2026, 3, 16, 17, 0, tzinfo=UTC)) == "Selasa, 17 Maret 2026"


def test_nothing_is_said_of_a_moment_that_is_not_known() -> None:
    assert [
        f(None) for f in (filters.long_date, filters.long_moment, filters.short_date, filters.clock_time)
    ] == [""] * 4


def test_working_time_names_its_unit() -> None:
    with override("id"):
        assert filters.working_days(3) == "3 hari kerja"
        assert filters.working_time({"value": 5, "unit": "working_day"}) == "5 hari kerja"
        assert filters.working_time({"value": 1, "unit": "day"}) == "1 hari kerja"
        assert filters.working_time({"value": 2, "unit": "working_hour"}) == "2 jam kerja"
        assert filters.working_time({"value": 30, "unit": "minute"}) == "30 menit"
        assert filters.working_time(None) == ""


def test_rupiah_is_grouped_as_the_language_does_and_missing_is_not_zero() -> None:
    with override("id"):
        assert filters.rupiah(1250000) == "Rp1.250.000"
        assert filters.rupiah(Decimal("350000")) == "Rp350.000"
        assert filters.rupiah(0) == "Rp0"
        assert filters.rupiah(None) == ""
    with override("en"):
        assert filters.rupiah(1250000) == "Rp1,250,000"


def test_masks_hide_the_person() -> None:
    assert filters.masked_name("Bunga Contoh") == "B. C***h"
    assert filters.masked_number("9999010101900001") == "9999********0001"
    assert filters.masked_email("bunga@contoh.invalid") == "b***@contoh.invalid"


def test_localised_falls_back_to_indonesian() -> None:
    thing = {"name_id": "Izin", "name_en": "", "summary_id": "Ringkas", "summary_en": "Brief"}
    with override("en"):
        assert filters.localised(thing) == "Izin"
        assert filters.localised(thing, "summary") == "Brief"
    with override("id"):
        assert filters.localised(thing, "summary") == "Ringkas"


def test_keep_query_changes_only_what_it_is_told() -> None:
    context = {"request": RequestFactory().get("/tugas/", {"status": "late", "after": "x"})}
    assert filters.keep_query(context, after=None) == "?status=late"
    assert filters.keep_query(context, after="y z") == "?status=late&after=y+z"


def test_a_mark_at_the_end_becomes_the_pill_and_text_stays_text() -> None:
    with override("id"):
        assert filters.unconfirmed("Gratis (perlu dikonfirmasi)") == (
            'Gratis <span class="pill warn">Perlu dikonfirmasi</span>'
        )
        assert filters.unconfirmed("<b>tebal</b>") == "&lt;b&gt;tebal&lt;/b&gt;"
        assert "&lt;b&gt;" in filters.unconfirmed("<b>x</b> (perlu dikonfirmasi)")


def draw(field: ShownField) -> str:
    return engines["django"].from_string('{% include "components/field.html" %}').render({"field": field})


def test_a_field_ties_hint_limits_and_error_to_its_input() -> None:
    page = draw(
        ShownField("/member[2]/photo", "Foto", "image", hint="Wajah", limits="JPG", error="Terlalu besar")
    )
    assert 'id="f-member-2-photo"' in page
    assert 'aria-describedby="f-member-2-photo-hint f-member-2-photo-limits f-member-2-photo-error"' in page
    assert 'aria-invalid="true"' in page


def test_eight_choices_become_a_list_and_seven_stay_radios() -> None:
    choices = tuple(ShownChoice(str(i), f"Pilihan {i}") for i in range(8))
    assert "<select" in draw(ShownField("/a", "A", "select_one", choices=choices))
    assert draw(ShownField("/a", "A", "select_one", choices=choices[:7])).count('type="radio"') == 7


def test_the_error_summary_leads_to_the_first_option_of_a_group() -> None:
    field = ShownField("/a", "A", "select_one", choices=(ShownChoice("x", "X"),), error="Pilih satu.")
    [error] = errors_of([field, ShownField("/b", "B")])
    assert f'id="{error.target}"' in draw(field)


def test_what_people_typed_is_shown_as_text() -> None:
    assert "<script" not in draw(ShownField("/a", "A", value='"><script>alert(1)</script>'))
