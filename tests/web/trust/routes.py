"""Who gets what at every address of the site: the table that the walk holds the site to.

A row is a route of the resolver, the method to try, an address made with the office's keys, and what six people get:
the applicant, another citizen, an officer of the case's agency, an officer of another agency, an administrator, nobody.
A number is a status; 404 stands for "as if it did not exist". "in" leads to the sign-in page and back again. Any other
word is where a redirect leads to.
"""

from __future__ import annotations

from dataclasses import dataclass

Expected = int | str


@dataclass(frozen=True)
class Row:
    """One route with one method."""

    route: str
    method: str
    address: str
    gets: tuple[Expected, ...]


def row(route: str, address: str, *gets: Expected, post: bool = False) -> Row:
    """A row; one expectation stands for all six."""
    return Row(route, "post" if post else "get", address, gets if len(gets) == 6 else gets * 6)


def nobody_in(*five: Expected) -> tuple[Expected, ...]:
    """What the five who are signed in get; nobody must sign in first."""
    return (*(five if len(five) == 5 else five * 5), "in")


def ours(status: Expected) -> tuple[Expected, ...]:
    """For an officer of the case's agency alone."""
    return (404, 404, status, 404, 404, "in")


def officers(status: Expected) -> tuple[Expected, ...]:
    """For any officer: what it shows is their own."""
    return (404, 404, status, status, 404, "in")


def admin(status: Expected) -> tuple[Expected, ...]:
    """For administrators alone."""
    return (404, 404, 404, 404, status, "in")


def case(status: Expected) -> tuple[Expected, ...]:
    """For the applicant alone; a browser in which nobody is signed in is asked for number and code."""
    return (status, 404, 404, 404, 404, "/lacak/?nomor=")


def draft(status: Expected) -> tuple[Expected, ...]:
    """For the draft's owner alone; a browser in which nobody is signed in is asked for the code."""
    return (status, 404, 404, 404, 404, "/draf/{draft}/")


NONE = (404, 404, 404, 404, 404, "in")
MEMBER = nobody_in(200)
PUBLIC = (
    row("", "/", 200),
    row("bahasa/", "/bahasa/?pilih=en", "/"),
    row("layanan/", "/layanan/", 200),
    row("layanan/peristiwa/<slug:code>/", "/layanan/peristiwa/keluarga/", 200),
    row("layanan/instansi/<str:code>/", "/layanan/instansi/DPMPTSP/", 200),
    # Pictures of published forms: the walked version has none.
    row("layanan/gambar/<int:version>/<str:name>", "/layanan/gambar/1/peta.png", 404),
    row("layanan/<slug:slug>/", "/layanan/{slug}/", 200),
    row("layanan/<slug:slug>/ajukan/", "/layanan/{slug}/ajukan/", "/draf/", post=True),
    row("lacak/", "/lacak/", 200),
    row("lacak/", "/lacak/", 200, post=True),
    row("verify/", "/verify/", 200),
    row("verify/", "/verify/", 422, post=True),
    row("verify/<str:code>/", "/verify/{code}/", 200),
)
_D, _C = "draf/<uuid:draft_id>/", "berkas/<str:number>/"
APPLICANT = (
    # Whether there is such a draft is told to nobody: the page that asks for the code is the same for any link.
    row(_D, "/draf/{draft}/", "/draf/{draft}/", 200, 200, 200, 200, 200),
    row(_D, "/draf/{draft}/", "/draf/{draft}/", 200, 200, 200, 200, 200, post=True),
    row(_D + "<int:step>/", "/draf/{draft}/1/", *draft(200)),
    row(_D + "<int:step>/", "/draf/{draft}/1/", *draft("/draf/{draft}/"), post=True),
    row(_D + "<int:step>/<entry:entry>/", "/draf/{draft}/1/1/", *draft("/draf/{draft}/")),
    row(
        _D + "<int:step>/<entry:entry>/hapus/",
        "/draf/{draft}/1/1/hapus/",
        *draft("/draf/{draft}/"),
        post=True,
    ),
    row(_D + "nanti/", "/draf/{draft}/nanti/", *draft(200)),
    row(_D + "periksa/", "/draf/{draft}/periksa/", *draft(200)),
    row(_D + "kirim/", "/draf/{draft}/kirim/", "/draf/{draft}/periksa/"),
    row(_D + "kirim/", "/draf/{draft}/kirim/", *draft(200), post=True),
    row(
        _D + "lampiran/<uuid:attachment_id>/",
        "/draf/{draft}/lampiran/{draft_attachment}/",
        *(200, 404, 404, 404, 404, 404),
    ),
    row("berkas/", "/berkas/", *MEMBER),  # each sees their own
    row(_C, "/berkas/{number}/", *case(200)),
    row(_C + "tanda-terima/", "/berkas/{number}/tanda-terima/", *case(200)),
    row(_C + "tanda-terima.pdf", "/berkas/{number}/tanda-terima.pdf", *case(200)),
    row(_C + "jawaban/", "/berkas/{number}/jawaban/", *case(200)),
    row(_C + "perbaiki/", "/berkas/{number}/perbaiki/", *case("/berkas/{number}/")),
    row(_C + "perbaiki/", "/berkas/{number}/perbaiki/", *case("/berkas/{number}/"), post=True),
    row(_C + "batal/", "/berkas/{number}/batal/", *case(200)),
    row(_C + "batal/", "/berkas/{number}/batal/", *case("/berkas/{number}/"), post=True),
    # A case that was not refused, and one that waits for no choice, lead back to their own page.
    row(_C + "keberatan/", "/berkas/{number}/keberatan/", *case("/berkas/{number}/")),
    row(_C + "keberatan/", "/berkas/{number}/keberatan/", *case("/berkas/{number}/"), post=True),
    row(_C + "banding/", "/berkas/{number}/banding/", *case("/berkas/{number}/")),
    row(_C + "banding/", "/berkas/{number}/banding/", *case("/berkas/{number}/"), post=True),
    row(_C + "alur/", "/berkas/{number}/alur/", *case(200)),
    row(_C + "alur.svg", "/berkas/{number}/alur.svg", *case(200)),
    row(_C + "lampiran/<uuid:attachment_id>/", "/berkas/{number}/lampiran/{attachment}/", *case(200)),
    row(_C + "bayar/", "/berkas/{billed}/bayar/", *case(200)),
    row(_C + "bayar/", "/berkas/{billed}/bayar/", *case("/berkas/{billed}/"), post=True),
    row(_C + "surat/<str:code>.pdf", "/berkas/{signed}/surat/{code}.pdf", *case(200)),
)
_T, _S = "tugas/<int:pk>/", "tanda-tangan/<int:pk>/"
_HOLDER = "/tugas/{task}/"
OFFICER = (
    row("tugas/", "/tugas/", *officers(200)),
    row(_T, "/tugas/{task}/", *ours(200)),
    row(_T, "/tugas/{task}/", *ours(422), post=True),
    row(_T + "ambil/", "/tugas/{task}/ambil/", *ours(_HOLDER), post=True),
    row(_T + "lepas/", "/tugas/{task}/lepas/", *ours(_HOLDER), post=True),
    row(_T + "alihkan/", "/tugas/{task}/alihkan/", *ours(_HOLDER), post=True),
    row(_T + "catatan/", "/tugas/{task}/catatan/", *ours(_HOLDER), post=True),
    row("kasus/<str:number>/", "/kasus/{number}/", *ours(200)),
    row(
        "kasus/<str:number>/lampiran/<uuid:attachment_id>/",
        "/kasus/{number}/lampiran/{attachment}/",
        *ours(200),
    ),
    row("kotak-keluar/", "/kotak-keluar/", *officers(200)),
    # The handover is DISDUKCAPIL's, so neither of our two officers may send it again.
    row("kotak-keluar/<int:pk>/kirim-ulang/", "/kotak-keluar/{handover}/kirim-ulang/", *NONE, post=True),
    row("tanda-tangan/", "/tanda-tangan/", *officers(200)),
    row("tanda-tangan/hasil/", "/tanda-tangan/hasil/", *officers("/tanda-tangan/")),
    row("tanda-tangan/banyak/", "/tanda-tangan/banyak/", *officers(422), post=True),
    # Letters are the head's alone, not his agency's: tests of signing open them.
    row(_S, "/tanda-tangan/{letter}/", *NONE),
    row(_S + "surat.pdf", "/tanda-tangan/{letter}/surat.pdf", *NONE),
    row(_S + "surat.pdf", "/tanda-tangan/{task}/surat.pdf", *NONE),
    row(_S + "tandatangani/", "/tanda-tangan/{letter}/tandatangani/", *NONE, post=True),
    row(_S + "kembalikan/", "/tanda-tangan/{letter}/kembalikan/", *NONE, post=True),
    row("register/", "/register/", *officers(200)),
    row("tagihan/", "/tagihan/", *officers(200)),
    # Who looks at the account is an officer of BPKAD, so neither of our two may open the confirmation.
    row("tagihan/<int:pk>/uang-masuk/", "/tagihan/{bill}/uang-masuk/", *NONE, post=True),
    row("dokumen/<str:code>.pdf", "/dokumen/{code}.pdf", 200, 404, 200, 404, 404, 404),
    row("dokumen/<str:code>/", "/dokumen/{code}/", *ours(200)),
    row("dokumen/<str:code>/cabut/", "/dokumen/{code}/cabut/", *NONE, post=True),
)
_K, _P = "kelola/", "kelola/orang/<int:user_id>/"
ADMINISTRATOR = (
    row(_K, "/kelola/", *admin(200)),
    row(_K + "layanan/<slug:slug>/", "/kelola/layanan/{slug}/", *admin(200)),
    row(
        _K + "layanan/<slug:slug>/<int:number>/pindahkan/",
        "/kelola/layanan/{moving}/1/pindahkan/",
        *admin(200),
    ),
    row(
        _K + "layanan/<slug:slug>/<int:number>/pindahkan/",
        "/kelola/layanan/{moving}/1/pindahkan/",
        *admin(200),
        post=True,
    ),
    row(_K + "pemindahan/<int:run_id>/", "/kelola/pemindahan/{move}/", *admin(200)),
    row(_K + "pemindahan/<int:run_id>/kembalikan/", "/kelola/pemindahan/{move}/kembalikan/", *admin(200)),
    row(
        _K + "pemindahan/<int:run_id>/kembalikan/",
        "/kelola/pemindahan/{move}/kembalikan/",
        *admin("/kelola/pemindahan/{move}/"),
        post=True,
    ),
    row(_K + "orang/", "/kelola/orang/", *admin(200)),
    row(_K + "orang/undang/", "/kelola/orang/undang/", *admin(200)),
    row(_K + "orang/undang/", "/kelola/orang/undang/", *admin(200), post=True),
    row(_P, "/kelola/orang/{person}/", *admin(200)),
    row(_P, "/kelola/orang/{applicant}/", *NONE),  # citizens are nobody's to manage
    row(_P + "tempatkan/", "/kelola/orang/{person}/tempatkan/", *admin(200)),
    row(_P + "tempatkan/", "/kelola/orang/{person}/tempatkan/", *admin(200), post=True),
    row(
        _P + "undang-lagi/",
        "/kelola/orang/{invited}/undang-lagi/",
        *admin("/kelola/orang/{invited}/"),
        post=True,
    ),
    row(_P + "tangguhkan/", "/kelola/orang/{person}/tangguhkan/", *admin(200)),
    row(
        _P + "tangguhkan/", "/kelola/orang/{person}/tangguhkan/", *admin("/kelola/orang/{person}/"), post=True
    ),
    row(_P + "tangguhkan/", "/kelola/orang/{applicant}/tangguhkan/", *NONE, post=True),
    row(_P + "pulihkan/", "/kelola/orang/{person}/pulihkan/", *admin("/kelola/orang/{person}/"), post=True),
    row(_K + "penempatan/<int:placement_id>/akhiri/", "/kelola/penempatan/{placement}/akhiri/", *admin(200)),
    row(
        _K + "penempatan/<int:placement_id>/akhiri/",
        "/kelola/penempatan/{placement}/akhiri/",
        *admin(200),
        post=True,
    ),
    row(_K + "pesan/", "/kelola/pesan/", *admin(200)),
    row(
        _K + "pesan/<int:message_id>/kirim-ulang/",
        "/kelola/pesan/{message}/kirim-ulang/",
        *admin("/kelola/pesan/"),
        post=True,
    ),
    row(_K + "peristiwa/", "/kelola/peristiwa/", *admin(200)),
)
_AGAIN = nobody_in("/akun/reauthenticate/")
_SIGNED_IN_ALREADY = ("/akun/",) * 5
ACCOUNT = (
    row("akun/", "/akun/", *nobody_in("/berkas/", "/berkas/", "/tugas/", "/tugas/", "/kelola/")),
    row("akun/profil/", "/akun/profil/", *MEMBER),
    row("akun/login/", "/akun/login/", *_SIGNED_IN_ALREADY, 200),
    row("akun/logout/", "/akun/logout/", *((200,) * 5), "/"),
    row("akun/inactive/", "/akun/inactive/", 200),
    row("akun/signup/", "/akun/signup/", *_SIGNED_IN_ALREADY, 200),
    row("akun/reauthenticate/", "/akun/reauthenticate/", *MEMBER),
    row("akun/email/", "/akun/email/", *MEMBER),
    row("akun/confirm-email/", "/akun/confirm-email/", *(("/akun/email/",) * 5), "/akun/login/"),
    row("akun/password/change/", "/akun/password/change/", *MEMBER),
    row("akun/password/set/", "/akun/password/set/", *nobody_in("/akun/password/change/")),
    row("akun/password/reset/", "/akun/password/reset/", 200),
    row("akun/password/reset/done/", "/akun/password/reset/done/", 200),
    row("akun/password/reset/key/done/", "/akun/password/reset/key/done/", 200),
    row(
        "akun/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        "/akun/password/reset/key/1-falsch/",
        200,  # says that the link no longer holds, whosever it was
    ),
    row("akun/login/code/confirm/", "/akun/login/code/confirm/", *_SIGNED_IN_ALREADY, "/akun/login/"),
    row("akun/2fa/", "/akun/2fa/", *MEMBER),
    row("akun/2fa/authenticate/", "/akun/2fa/authenticate/", *_SIGNED_IN_ALREADY, "/akun/login/"),
    row(
        "akun/2fa/reauthenticate/",
        "/akun/2fa/reauthenticate/",
        *nobody_in("/akun/reauthenticate/", "/akun/reauthenticate/", 200, 200, 200),
    ),
    row("akun/2fa/totp/activate/", "/akun/2fa/totp/activate/", *_AGAIN),
    row(
        "akun/2fa/totp/deactivate/",
        "/akun/2fa/totp/deactivate/",
        *nobody_in(404, 404, *(("/akun/reauthenticate/",) * 3)),
    ),
    row("akun/2fa/recovery-codes/", "/akun/2fa/recovery-codes/", *NONE),  # nobody here has made any yet
    row("akun/2fa/recovery-codes/generate/", "/akun/2fa/recovery-codes/generate/", *_AGAIN),
    row("akun/2fa/recovery-codes/download/", "/akun/2fa/recovery-codes/download/", *NONE),
)
ALL: tuple[Row, ...] = (*PUBLIC, *APPLICANT, *OFFICER, *ADMINISTRATOR, *ACCOUNT)
