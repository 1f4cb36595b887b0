"""Personal data lie encrypted, are masked in lists, and do not open in another place or with another key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from tests.web.trust.conftest import SIP, Office

from pendapa.web.accounts.models import User
from pendapa.web.cases.models import Case
from pendapa.web.cases.uploads import stored_path
from pendapa.web.keys import site_keys
from pendapa.web.sealed import (
    CannotUnseal,
    blind_index,
    mask_email,
    mask_emails_in,
    mask_name,
    mask_number,
    seal,
    unseal,
)  # fmt: skip


def rows_as_stored() -> Iterator[tuple[str, str]]:
    """Every row of every table as text: (table, row). Binary columns come as hexadecimal digits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace "
                       "WHERE relkind = 'r' AND n.nspname = current_schema()")  # fmt: skip
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            yield from ((table, row) for (row,) in cursor.fetchall())


def where(text: str) -> set[str]:
    """Tables in which a text stands readable, as it is or as the bytes of a binary column."""
    digits = text.encode().hex()
    return {table for table, row in rows_as_stored() if text in row or digits in row}


def test_what_an_applicant_wrote_stands_readable_in_no_table(
    office: Office, submit: Callable[..., Case]
) -> None:
    case = submit(SIP)  # of somebody without an account
    answers = case.answers
    about = {
        path: answers[path]
        for path in answers
        if path.rpartition("/")[2] in ("name", "nik", "email", "phone")
    }
    assert len(about) >= 3
    assert case.applicant_email
    for text in {case.applicant_name, case.applicant_email, *about.values()}:
        assert where(text) == set(), text


def test_identity_and_telephone_numbers_of_accounts_stand_readable_in_no_table(
    people: dict[str, User],
) -> None:
    for user in people.values():
        assert user.nik
        assert user.phone
        assert where(user.nik) == set()
        assert where(user.phone) == set()
        # Name and e-mail of an account are what people sign in and are called by: in the accounts' tables alone.
        assert where(user.email) <= {"accounts_user", "account_emailaddress"}


def test_the_search_for_plain_text_would_find_it(people: dict[str, User]) -> None:
    User.objects.filter(pk=people["warga"].pk).update(name="9999010101999999")
    assert where("9999010101999999") == {"accounts_user"}


def test_codes_of_case_and_draft_are_stored_as_fingerprints(submit: Callable[..., Case]) -> None:
    case = submit(SIP)
    assert len(case.code) == 10  # type: ignore[attr-defined]
    assert where(case.code) == set()  # type: ignore[attr-defined]


def test_one_time_secrets_are_stored_encrypted(people: dict[str, User]) -> None:
    from allauth.mfa.models import Authenticator

    from pendapa.web.accounts.adapters import SecondFactorAdapter

    factor = Authenticator.objects.get(user=people["fo"])
    secret = SecondFactorAdapter().decrypt(factor.data["secret"])
    assert len(secret) >= 16
    assert where(secret) == set()


def test_files_on_disk_are_encrypted_and_readable_by_their_owner_alone(office: Office) -> None:
    path = stored_path(office.attachment.stored_as)
    assert b"%PDF" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    for key in Path(settings.KEYS.folder).iterdir():
        assert key.stat().st_mode & 0o077 == 0


def test_a_value_moved_to_another_column_does_not_open(people: dict[str, User]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_user SET phone = nik WHERE username = 'fo'")
    with pytest.raises(CannotUnseal, match=r"accounts_user\.phone"):
        User.objects.get(username="fo")


def test_a_value_of_another_table_does_not_open(office: Office) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_draft SET answers = (SELECT answers FROM cases_case WHERE id = %s) WHERE id = %s",
            [office.case.pk, office.draft.pk],
        )
    with pytest.raises(CannotUnseal):
        office.draft.refresh_from_db()


def test_a_changed_value_does_not_open() -> None:
    sealed = bytearray(seal(b"rahasia", "a.b"))
    sealed[-1] ^= 1
    with pytest.raises(CannotUnseal, match="changed since"):
        unseal(bytes(sealed), "a.b")


def test_the_same_text_seals_differently_each_time() -> None:
    assert seal(b"sama", "a.b") != seal(b"sama", "a.b")
    assert unseal(seal(b"sama", "a.b"), "a.b") == b"sama"


def test_another_sites_key_opens_nothing_and_indexes_differently(settings: object, tmp_path: Path) -> None:
    sealed, index = seal(b"rahasia", "a.b"), blind_index("9999010101900001", "nik")
    settings.KEYS = site_keys(tmp_path)  # type: ignore[attr-defined]
    with pytest.raises(CannotUnseal):
        unseal(sealed, "a.b")
    assert blind_index("9999010101900001", "nik") != index


def test_a_blind_index_matches_equal_values_of_one_purpose_only() -> None:
    assert blind_index("9999 0101 0190 0001", "nik") == blind_index("9999010101900001", "nik")
    assert blind_index("9999010101900001", "nik") != blind_index("9999010101900002", "nik")
    assert blind_index("9999010101900001", "nik") != blind_index("9999010101900001", "family_card")


@pytest.mark.parametrize(
    ("mask", "plain", "masked"),
    [
        (mask_name, "Bunga Contoh", "B. C***h"),
        (mask_name, "Budi", "B***i"),
        (mask_name, "Al", "A***"),
        (mask_name, "", "-"),
        (mask_number, "9999010101900001", "9999********0001"),
        (mask_number, "12345678", "********"),
        (mask_email, "bunga@contoh.invalid", "b***@contoh.invalid"),
        (mask_emails_in, "550 <bunga@contoh.invalid> unknown", "550 <b***@contoh.invalid> unknown"),
    ],
)
def test_masks_show_enough_to_tell_apart_and_no_more(
    mask: Callable[[str], str], plain: str, masked: str
) -> None:
    assert mask(plain) == masked
