"""Applying, from the service page to the receipt."""

from __future__ import annotations

import pytest

from pendapa.web.cases.models import Case

SIP = "izin-praktik-bidan-perawat"
LETTER = "surat-keterangan-penelitian"
CARD = "perubahan-data-kk"


@pytest.mark.parametrize("slug", [SIP, LETTER, CARD])
@pytest.mark.parametrize("variant", [0, 1, 2])
def test_the_whole_way_from_start_to_tracking(citizen, examples, slug: str, variant: int) -> None:  # type: ignore[no-untyped-def]
    person = citizen(slug, variant)
    case = person.apply(slug)
    # Every answer of the example arrived; what is not in it is calculated, or a file.
    for path, value in person.answers.items():
        if not value.endswith((".pdf", ".jpg")):
            assert case.answers[path] == value, path
    receipt = person.client.get(f"/berkas/{case.number}/tanda-terima/")
    assert receipt.status_code == 200
    assert case.number in receipt.content.decode()
    track = person.client.get(f"/berkas/{case.number}/")
    assert track.status_code == 200
    assert "Berkas diterima" in track.content.decode()
    assert Case.objects.count() == 1
