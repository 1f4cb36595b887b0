"""What people type for places and moments, and what map programs save, read into the form engine's own notation."""

from __future__ import annotations

import pytest
from django.http import QueryDict

from pendapa.forms.xpath.geometry import is_point, is_shape, is_trace
from pendapa.web.cases.drawings import MOST_POINTS, NotDrawn, read_drawing
from pendapa.web.cases.inputs_form import read_moment, read_time
from pendapa.web.cases.places import map_url, read_place


def query(**given: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update({name.replace("_", "."): text for name, text in given.items()})
    return data


@pytest.mark.parametrize(
    ("latitude", "longitude", "read"),
    [
        ("-6.98123", "109.13456", "-6.98123 109.13456"),
        ("-6,98", "109,13", "-6.98 109.13"),
        ("6,98 LS", "109,13 BT", "-6.98 109.13"),
        ("\N{MINUS SIGN}6.98°", "109.13° E", "-6.98 109.13"),
        ("-6.98123, 109.13456", "", "-6.98123 109.13456"),
        ("-6.98123,109.13456", "", "-6.98123 109.13456"),
        ("-6,98123 109,13456", "", "-6.98123 109.13456"),
        ("-6,98", "", "-6.98 "),  # a decimal comma, not two numbers
        ("", "109.13", " 109.13"),
        ("", "", ""),
    ],
)
def test_a_place_is_read_as_people_write_it(latitude: str, longitude: str, read: str) -> None:
    assert read_place(query(p_lat=latitude, p_lon=longitude), "p") == read
    assert is_point(read) is (len(read.split()) == 2)


def test_a_map_is_linked_only_for_a_place_on_earth() -> None:
    assert map_url("-6.98 109.13") == (
        "https://www.openstreetmap.org/?mlat=-6.98&mlon=109.13#map=17/-6.98/109.13"
    )
    assert [map_url(text) for text in ("", "-6.98 ", "91 0", "0 181", "nan 1", "a b")] == [""] * 6


@pytest.mark.parametrize(
    ("typed", "read"), [("9.30", "09:30"), ("09:30", "09:30"), ("24", "24"), ("siang", "siang")]
)
def test_a_time_is_read_with_a_point_or_a_colon(typed: str, read: str) -> None:
    assert read_time(typed) == read


@pytest.mark.django_db
def test_a_moment_has_the_regencys_offset_and_what_is_none_stays_as_typed(tegal: None) -> None:
    typed = query(m_day="1", m_month="12", m_year="2026", m_time="09:30")
    assert read_moment(typed, "m") == "2026-12-01T09:30:00.000+07:00"  # Slawi is seven hours before UTC
    assert read_moment(query(m_day="31", m_month="2", m_year="2026", m_time="9.30"), "m") == "31/2/2026T09:30"
    assert read_moment(query(m_day="1", m_month="12", m_year="2026"), "m") == "2026-12-01T"
    assert read_moment(query(), "m") == ""


KML = b"""<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><Polygon><outerBoundaryIs><LinearRing>
<coordinates>109.13,-6.98,0 109.14,-6.98,0 109.14,-6.99,0 109.13,-6.98,0</coordinates>
</LinearRing></outerBoundaryIs></Polygon></Placemark></kml>"""
POLYGON = b"""{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": null, "geometry":
{"type": "Polygon", "coordinates": [[[109.13, -6.98], [109.14, -6.98], [109.14, -6.99], [109.13, -6.98]],
[[109.133, -6.982], [109.134, -6.982], [109.134, -6.983], [109.133, -6.982]]]}}]}"""
TRIANGLE = "-6.98 109.13;-6.98 109.14;-6.99 109.14;-6.98 109.13"


@pytest.mark.parametrize("content", [KML, POLYGON, b"\xef\xbb\xbf" + POLYGON])
def test_an_outline_is_the_same_from_every_program(content: bytes) -> None:
    assert read_drawing(content, closed=True) == TRIANGLE
    assert is_shape(TRIANGLE)


def line(points: int) -> bytes:
    places = ", ".join(f"[109.{n:06d}, -6.123456789]" for n in range(points))
    return f'{{"type": "LineString", "coordinates": [{places}]}}'.encode()


def test_the_longest_line_fits_into_an_answer_and_one_point_more_is_refused() -> None:
    read = read_drawing(line(MOST_POINTS), closed=False)
    assert is_trace(read) and len(read) <= 10_000  # what the engine takes of one answer
    with pytest.raises(NotDrawn, match="401 titik"):
        read_drawing(line(MOST_POINTS + 1), closed=False)


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[" * 100_000,
        b'{"type": "LineString", "coordinates": 5}',
        b'{"type": "LineString", "coordinates": [[109], [110]]}',
        b'{"type": "LineString", "coordinates": [["a", "b"], [1, 2]]}',
        b'{"type": "LineString", "coordinates": [[NaN, 1], [1, 2]]}',
        b'{"type": "MultiPolygon", "coordinates": [[]]}',
        b'{"type": "LineString", "coordinates": []}',
        b'<!DOCTYPE gpx [<!ENTITY a SYSTEM "file:///etc/hostname">]><gpx><rte><rtept lat="1" lon="2"/></rte></gpx>',
        b'<gpx><rte><rtept lat="1"/><rtept lat="2" lon="3"/></rte></gpx>',
        b"<gpx></gpx>",
        b"",
    ],
)
def test_a_file_that_is_no_drawing_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(NotDrawn) as refused:
        read_drawing(content, closed=False)
    assert str(refused.value).endswith(".")


def test_two_drawings_in_one_file_are_counted() -> None:
    two = b"<gpx><rte><rtept lat='1' lon='2'/></rte><rte><rtept lat='1' lon='2'/></rte></gpx>"
    with pytest.raises(NotDrawn, match="Ada 2 gambar"):
        read_drawing(two, closed=False)
