"""Take the pictures of the README: `python scripts/screenshots.py [--url URL] [--to docs/screenshots]`.

Starts a demo of its own on a free port with a temporary folder, walks through it in Chromium as citizen,
officer, head of agency and administrator, and takes each main page at 360 and 1280 pixels. With --url a running
demo is used; PENDAPA_VAR must then be that demo's. Six of the pictures are shown in README.md.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page, sync_playwright

from pendapa.forms import flatten

ROOT = Path(__file__).resolve().parents[1]
WIDTHS = {360: 800, 1280: 900}
SERVICE = "surat-keterangan-penelitian"
PASSWORD = "pendapa-contoh-2026"  # noqa: S105 - of the demo, which prints it
PATIENCE = 600.0  # seconds until a new demo has filled its office
LAST_DOCUMENT = (
    "from pendapa.web.signing.models import Document; "
    "print(Document.objects.filter(kind='decision', status='valid').order_by('pk').last().code)"
)
# In README.md: picture, width in it, what it shows.
SHOWN = (
    ("home-1280", 420, "Home: search and moments of life"),
    ("form-360", 200, "Applying, one thing a page"),
    ("track-360", 200, "Following a case"),
    ("inbox-1280", 420, "An officer's inbox"),
    ("tray-1280", 420, "Letters waiting for a signature"),
    ("verify-1280", 420, "Anyone checks a document"),
)
SECTION = re.compile(r"(<!-- screenshots:.*?-->\n).*?(<!-- end of screenshots -->)", re.DOTALL)


def pendapa(*arguments: str) -> str:
    """Run a pendapa command on the demo's folder and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-m", "pendapa.cli", *arguments],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


@contextmanager
def own_demo() -> Iterator[str]:
    """Run a demo in a temporary folder and give its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tempfile.mkdtemp(prefix="pendapa-screens-")
    os.environ["PENDAPA_VAR"] = folder
    server = subprocess.Popen(
        [sys.executable, "-m", "pendapa.cli", "serve", "--demo", "--workers", "1", "--port", str(port)],
        cwd=ROOT,
    )
    try:
        yield wait_for(f"http://127.0.0.1:{port}", server)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(60)
        # Root's database lies elsewhere when its account cannot enter the folder.
        shutil.rmtree(Path(folder, "postgres").resolve(), ignore_errors=True)
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> str:
    """Wait until the demo answers. Raises SystemExit when it ends or takes too long."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()  # noqa: S310 - our own address
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
        else:
            return url
    raise SystemExit("The demo did not start; its message stands above.")


class Walk:
    """One person's browser, and the pictures it takes."""

    def __init__(self, browser: Browser, url: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        self.page: Page = browser.new_context(locale="id-ID").new_page()

    def go(self, path: str) -> None:
        """Open a page of the site; a page that is not there ends the walk."""
        answer = self.page.goto(self.url + path)
        if answer is None or not answer.ok:
            raise SystemExit(f"{path} answers {answer.status if answer else 'nothing'}.")

    def take(self, name: str, path: str | None = None) -> None:
        """Take the present page, or the one at `path`, at both widths."""
        if path is not None:
            self.go(path)
        self.page.evaluate("document.activeElement && document.activeElement.blur()")
        for width, height in WIDTHS.items():
            self.page.set_viewport_size({"width": width, "height": height})
            picture = Image.open(io.BytesIO(self.page.screenshot(full_page=True))).convert("RGB")
            # 128 colours are enough for flat pages and a third of the bytes.
            picture.quantize(128).save(self.folder / f"{name}-{width}.png", optimize=True)
        sys.stdout.write(f"{name}\n")

    def log_in(self, user: str) -> None:
        """Log in, with the one-time code where one is asked for."""
        self.go("/akun/login/")
        self.page.fill("[name=login]", user)
        self.page.fill("[name=password]", PASSWORD)
        self.press("main form button[type=submit]")
        if self.page.locator("main [name=code]").count():
            self.page.fill("main [name=code]", pendapa("demo-code", user))
            self.press("main form button[type=submit]")
        if "/login" in self.page.url or "authenticate" in self.page.url:
            raise SystemExit(f"{user} could not log in; is this the demo whose folder is PENDAPA_VAR?")

    def press(self, selector: str) -> None:
        """Press a button and wait for the page it leads to."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()

    def follow(self, pattern: str, which: int = 0) -> None:
        """Go to a link whose address matches `pattern`: the first, or with -1 the last."""
        links = self.page.eval_on_selector_all(
            "main a[href]", "links => links.map(a => a.getAttribute('href'))"
        )
        fitting = [link for link in links if re.fullmatch(pattern, link)]
        if not fitting:
            raise SystemExit(f"{self.page.url} has no link to {pattern}.")
        self.go(fitting[which])

    def answer(self, answers: dict[str, str], files: dict[str, Path]) -> None:
        """Fill in what the page asks for, from the example answers."""
        for field in self.page.locator("main input, main select, main textarea").all():
            name = field.get_attribute("name") or ""
            if name.startswith("/"):
                self._fill(field, name, answers, files)

    def _fill(self, field: Locator, name: str, answers: dict[str, str], files: dict[str, Path]) -> None:
        path, _, part = name.partition(".")
        value, kind = answers.get(path, ""), field.get_attribute("type") or "list"
        if kind == "file" and value:
            field.set_input_files(files["image" if value.endswith((".jpg", ".png")) else "paper"])
        elif kind in ("radio", "checkbox"):
            if (field.get_attribute("value") or "") in value.split():
                field.check()
        elif part and value:
            year, month, day = value.split("-")
            wanted = {"year": year, "month": str(int(month)), "day": str(int(day))}[part]
            field.select_option(wanted) if part == "month" else field.fill(wanted)
        elif value and field.is_editable():
            in_list = field.evaluate("element => element.tagName === 'SELECT'")
            field.select_option(value) if in_list else field.fill(value)


def citizen(walk: Walk, files: dict[str, Path]) -> None:
    """Look for a service, apply, and follow an older case."""
    walk.take("home", "/")
    walk.take("search", "/layanan/?q=ijin+praktek+bidan")
    walk.log_in("warga")
    walk.take("service", f"/layanan/{SERVICE}/")
    example = ROOT / "regencies/tegal/services" / SERVICE / "example-answers.json"
    answers = flatten(json.loads(example.read_text(encoding="utf-8"))["variants"][0])
    walk.press(f"form[action$='/layanan/{SERVICE}/ajukan/'] button")
    walk.answer(answers, files)
    walk.take("form")
    for _ in range(60):
        if walk.page.url.endswith("/periksa/"):
            break
        walk.answer(answers, files)
        walk.press("main form[method=post] button[type=submit]:not([name=later])")
    else:
        raise SystemExit(f"The example answers do not lead past {walk.page.url}.")
    walk.answer(answers, files)
    walk.take("review")
    walk.press("form[action$='/kirim/'] button[type=submit]")
    walk.take("receipt")
    walk.go("/berkas/")
    walk.follow(r"/berkas/[^/]+/", which=-1)
    walk.take("track")


def main() -> int:
    """Walk as each role. 0 done."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--url", help="a demo that runs already (PENDAPA_VAR must be its folder)")
    parser.add_argument("--to", type=Path, default=ROOT / "docs/screenshots", help="folder of the pictures")
    arguments = parser.parse_args()
    arguments.to.mkdir(parents=True, exist_ok=True)
    if arguments.url:
        take_all(arguments.url.rstrip("/"), arguments.to)
    else:
        with own_demo() as url:
            take_all(url, arguments.to)
    if arguments.to.resolve() == ROOT / "docs/screenshots":
        show_in_readme()
    return 0


def take_all(url: str, folder: Path) -> None:
    """Take every page."""
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        files = {"image": Path(scratch, "foto-contoh.jpg"), "paper": Path(scratch, "berkas-contoh.pdf")}
        for file in files.values():
            Image.new("RGB", (480, 640), (230, 236, 236)).save(file)
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=sandbox)
        citizen(Walk(browser, url, folder), files)

        officer = Walk(browser, url, folder)
        officer.log_in("verif")
        officer.take("inbox", "/tugas/")
        officer.follow(r"/tugas/\d+/")
        if officer.page.locator("form[action$='/ambil/'] button").count():
            officer.press("form[action$='/ambil/'] button")
        officer.take("task")

        head = Walk(browser, url, folder)
        head.log_in("kadis")
        head.take("tray", "/tanda-tangan/")
        head.follow(r"/tanda-tangan/\d+/")
        head.take("letter")

        code = pendapa("manage", "shell", "--no-imports", "-c", LAST_DOCUMENT).splitlines()[-1]
        Walk(browser, url, folder).take("verify", f"/verify/{code}/")

        administrator = Walk(browser, url, folder)
        administrator.log_in("admin")
        administrator.take("administrator", "/kelola/")
        browser.close()


def show_in_readme() -> None:
    """Put the six pictures between the marks in README.md."""
    readme = ROOT / "README.md"
    pictures = [
        f'<img src="docs/screenshots/{name}.png" width="{width}" alt="{words}">'
        for name, width, words in SHOWN
    ]
    text = readme.read_text(encoding="utf-8")
    body = (
        "\n".join(pictures)
        + "\n\nTaken from the demo by `python scripts/screenshots.py`; all people are invented.\n"
    )
    readme.write_text(SECTION.sub(lambda found: found[1] + body + found[2], text), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
