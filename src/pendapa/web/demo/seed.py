"""A living office: invented cases of the last 60 days, made through the real actions with past `now`.

The simulation is a queue of what happens next. Whoever acts in it is one of the demo people of people.csv, through the
same functions that pages call; nothing is written past them.
"""

from __future__ import annotations

import heapq
import io
import json
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth.hashers import make_password
from PIL import Image, ImageDraw

from pendapa.forms import flatten
from pendapa.web.accounts.models import User
from pendapa.web.cases import actions, drafts, uploads
from pendapa.web.cases.file_questions import CleanAnswer
from pendapa.web.cases.handovers import deliver
from pendapa.web.cases.models import Case, Draft, Handover, Task, TimerRow
from pendapa.web.cases.refusals import Refused
from pendapa.web.cases.task_uploads import attach_to_task
from pendapa.web.catalogue.definitions import ready
from pendapa.web.catalogue.models import Service
from pendapa.web.demo.logins import PASSPHRASE, PASSWORD
from pendapa.web.demo.money import Money
from pendapa.web.demo.objections import OBJECTION, Objections
from pendapa.web.events.actions import seal_heads
from pendapa.web.events.chain import Actor
from pendapa.web.notifications.actions import send_waiting
from pendapa.web.organisation.access import calendar_of, local_day, zone
from pendapa.web.organisation.models import Placement
from pendapa.web.signing.actions import issue_deemed_decision, read_letter, sign_task
from pendapa.web.signing.authority import enrol, establish

DAYS = 60
FIRST = ("Bunga", "Citra", "Dimas", "Eka", "Fajar", "Gita", "Hana", "Indra", "Lestari", "Mega", "Nur", "Putri", "Rizki",
         "Sari", "Teguh", "Umi", "Vina", "Wahyu", "Yuli", "Zaki")  # fmt: skip
LAST = ("Contoh", "Misal", "Umpama", "Ibarat", "Teladan", "Andaikan", "Seumpama", "Rekaan")
WEIGHTS = {
    "izin-praktik-bidan-perawat": 5,
    "surat-keterangan-penelitian": 3,
    "perubahan-data-kk": 4,
    "izin-reklame": 3,
}


def was_seeded() -> bool:
    """Whether this site was filled as a demo."""
    return (Path(settings.VAR) / "demo-people").exists()


def run(now: datetime, cases: int, folder: Path = Path("regencies/tegal"), *, seed: int = 2026) -> int:
    """Seat the demo people and let `cases` invented applications happen in the 60 days before `now`.

    Returns the number of cases made. The same `now` and `seed` give the same story.
    """
    seat(now, folder)
    return _Office(now, folder, random.Random(seed)).live(cases)  # noqa: S311 - a story, not a secret


def seat(now: datetime, folder: Path) -> None:
    """Make the demo people: passwords, one-time secrets, identity numbers, signing certificates."""
    from pendapa.regency.reader import read_regency
    from pendapa.web.organisation.publishing import seat_people

    regency, _ = read_regency(folder)
    if regency is None:
        raise ValueError(f"{folder} has faults; run: pendapa check {folder}")
    begin = now - timedelta(days=DAYS + 5)
    establish(begin)
    password = make_password(PASSWORD)  # hashed once for all: it is printed for everyone to read
    for number, user in enumerate(seat_people(regency.people, today=local_day(now), now=begin), start=1):
        user.password = password
        user.set_nik(f"99990101{number:08d}")
        user.phone = f"0812000{number:05d}"
        user.save()
        EmailAddress.objects.update_or_create(
            user=user, email=user.email, defaults={"verified": True, "primary": True}
        )
        if user.needs_second_factor and not Authenticator.objects.filter(user=user).exists():
            TOTP.activate(user, generate_totp_secret())
        signs = Placement.objects.filter(user=user, position__signs=True).exists()
        if signs and not user.certificates.exists():
            enrol(user, PASSPHRASE, begin)
    (Path(settings.VAR) / "demo-people").write_text("invented people, see people.csv\n")


class _Office:
    """The simulation: a clock, a queue of happenings, and what people tend to do."""

    def __init__(self, now: datetime, folder: Path, chance: random.Random) -> None:
        self.end = now
        self.chance = chance
        self.queue: list[tuple[datetime, int, Callable[[datetime], None]]] = []
        self.order = count()
        self.examples = {
            path.parent.name: json.loads(path.read_text())
            for path in folder.glob("services/*/example-answers.json")
        }
        self.picture = uploads.Clean("foto-contoh.jpg", "image/jpeg", _picture("CONTOH"))
        self.paper = uploads.Clean("berkas-contoh.pdf", "application/pdf", _paper())
        self.citizens = list(User.objects.filter(kind="citizen"))
        self.made = 0
        self.silent: set[int] = set()
        self.known_timers: set[int] = set()
        self.objections = Objections(self)
        self.money = Money(self)

    def live(self, cases: int) -> int:
        services = {
            s.slug: s
            for s in Service.objects.filter(slug__in=self.examples).select_related("current")
            if s.slug != OBJECTION
        }
        slugs = sorted(services)
        begin = self.end - timedelta(days=DAYS)
        for _ in range(cases):
            slug = self.chance.choices(slugs, [WEIGHTS.get(s, 1) for s in slugs])[0]
            self.at(self._arrival(begin), self._apply(services[slug]))
        for day in range(1, DAYS + 1):
            self.at(begin + timedelta(days=day), lambda at: (seal_heads(at), None)[1])
        while self.queue:
            at, _, happen = heapq.heappop(self.queue)
            if at <= self.end:
                happen(at)
                while send_waiting(now=at):
                    pass
        return self.made

    def at(self, when: datetime, happen: Callable[[datetime], None]) -> None:
        heapq.heappush(self.queue, (when, next(self.order), happen))

    def _arrival(self, begin: datetime) -> datetime:
        # More and more people come: the days before now are busier than those two months ago.
        day = (begin + timedelta(days=self.chance.random() ** 0.5 * DAYS)).astimezone(zone())
        hour = self.chance.triangular(6, 22, 10)
        moment = day.replace(
            hour=int(hour), minute=self.chance.randrange(60), second=self.chance.randrange(60)
        )
        return min(moment, self.end - timedelta(minutes=self.chance.randrange(5, 240)))

    # --- citizens --------------------------------------------------------------------------------
    def _apply(self, service: Service) -> Callable[[datetime], None]:
        def happen(at: datetime) -> None:
            owner = self.chance.choice(self.citizens) if self.chance.random() < 0.06 else None
            assert service.current is not None
            begun = drafts.begin_draft(service.current, owner, now=at - timedelta(minutes=20))
            example = self.chance.choice(self.examples[service.slug]["variants"])
            answers = self._personal(begun.draft, flatten(example), owner, at)
            drafts.save_answers(begun.draft.pk, answers, now=at)
            self.attach(begun.draft, answers, at)
            actor = Actor(owner.key, owner.pk) if owner else Actor()
            case = actions.submit_application(begun.draft.pk, now=at, actor=actor).case
            self.made += 1
            if service.slug == "surat-keterangan-penelitian" and self.chance.random() < 0.08:
                self.silent.add(case.pk)
            if self.chance.random() < 0.03:
                self.at(at + timedelta(hours=self.chance.uniform(2, 20)), self._withdraw(case.pk))
            self.next(case.pk, at)

        return happen

    def _personal(
        self, draft: Draft, answers: dict[str, str], owner: User | None, at: datetime
    ) -> dict[str, str]:
        made = drafts.made_ready(draft)
        number = self.made + 1
        name = owner.name if owner else f"{self.chance.choice(FIRST)} {self.chance.choice(LAST)}"
        mine = {
            "name": name,
            "nik": (owner.nik if owner else None) or f"99991212{number:08d}",
            "email": owner.email if owner else f"pemohon{number}@contoh.example",
            "phone": f"08120000{number:04d}",
        }
        for key, path in made.definition.applicant.items():
            if key in mine and path in answers:
                answers[path] = mine[key]
        if "/duration/starts" in answers:
            answers["/duration/starts"] = str(local_day(at) + timedelta(days=self.chance.randrange(20, 60)))
        if "/period/starts" in answers:
            answers["/period/starts"] = str(local_day(at) + timedelta(days=14))
            answers["/period/ends"] = str(local_day(at) + timedelta(days=14 + self.chance.randrange(30, 150)))
        return answers

    def attach(self, draft: Draft, answers: Mapping[str, str], at: datetime) -> None:
        fields = drafts.made_ready(draft).form.fields
        for path in answers:
            plain = "/".join(part.partition("[")[0] for part in path.split("/"))
            if plain in fields and fields[plain].kind in ("image", "file"):
                upload = self.picture if fields[plain].kind == "image" else self.paper
                drafts.attach(draft.pk, path, upload, now=at)

    def _attach_to_task(self, task: Task, holder: User, answers: dict[str, str], at: datetime) -> None:
        form = ready(task.case.version_id).task_form(task.element)
        for path in [p for p in answers if form is not None and form.fields[p].kind in ("image", "file")]:
            answers[path] = str(attach_to_task(task.pk, holder, CleanAnswer(self.picture), now=at).pk)

    def _withdraw(self, case_id: int) -> Callable[[datetime], None]:
        def happen(at: datetime) -> None:
            case = Case.objects.get(pk=case_id)
            if case.is_open:
                actions.withdraw(case_id, now=at, actor=Actor())

        return happen

    def _correct(self, case_id: int) -> Callable[[datetime], None]:
        def happen(at: datetime) -> None:
            if Case.objects.get(pk=case_id).status == Case.Status.WAITING_APPLICANT:
                actions.resubmit(case_id, {}, now=at, actor=Actor())
                self.next(case_id, at)

        return happen

    # --- officers --------------------------------------------------------------------------------
    def next(self, case_id: int, at: datetime) -> None:
        """Let everyone whose turn it is now act at some later time."""
        case = Case.objects.select_related("agency").get(pk=case_id)
        if not case.is_open:
            self.objections.after_end(case, at)
            return
        self.objections.choose(case, at)
        for task in Task.objects.filter(case=case, status="open").select_related("agency"):
            if case_id not in self.silent or (task.element == "periksa" and self.chance.random() < 0.5):
                self.at(self._working(task, at), self._work(task.pk))
        if case.status == Case.Status.WAITING_APPLICANT and self.chance.random() < 0.85:
            self.at(at + timedelta(hours=self.chance.uniform(3, 90)), self._correct(case_id))
        self.money.follow(case, at)
        for handover in Handover.objects.filter(case=case, status__in=["waiting", "sent"]):
            self.at(at + timedelta(minutes=2), self._deliver(handover.pk))
        for timer in TimerRow.objects.filter(case=case, status="set", due_at__isnull=False):
            assert timer.due_at is not None
            self.at(timer.due_at + timedelta(seconds=1), self._fire(timer.pk))

    def _working(self, task: Task, at: datetime) -> datetime:
        """A moment within office hours: usually well before the task is due, at times after it."""
        calendar = calendar_of(task.agency.code)
        allowed = max(calendar.working_minutes_between(at, task.due_at), 30)
        share = self.chance.betavariate(2, 3.2) * (2.6 if self.chance.random() < 0.10 else 0.95)
        done = calendar.add_working_minutes(at, max(int(allowed * share), 6)).due
        assert done is not None
        return done

    def _work(self, task_id: int) -> Callable[[datetime], None]:
        def happen(at: datetime) -> None:
            task = Task.objects.select_related("case__version__service", "position").get(pk=task_id)
            if task.status != Task.Status.OPEN:
                return
            holder = self._holder(task, at)
            if holder is None:
                return
            try:
                if task.kind == Task.Kind.SIGN:
                    read_letter(task.pk, holder, now=at)
                    sign_task(task.pk, holder, PASSPHRASE, now=at)
                else:
                    actions.claim(task.pk, holder, now=at - timedelta(minutes=5))
                    decision, answers = self._decide(task, holder, at)
                    actions.complete_task(task.pk, holder, decision, answers, now=at)
            except Refused as refused:
                raise AssertionError(f"the story went wrong at {task.element}: {refused}") from refused
            self.next(task.case_id, at)

        return happen

    def _holder(self, task: Task, at: datetime) -> User | None:
        today = local_day(at)
        placements = Placement.objects.filter(
            position=task.position, period__contains=today, user__suspended_at__isnull=True
        ).select_related("user")
        people = [p.user for p in placements if task.kind != Task.Kind.SIGN or p.user.certificates.exists()]
        return self.chance.choice(people) if people else None

    def _decide(self, task: Task, holder: User, at: datetime) -> tuple[actions.Decision, dict[str, str]]:
        slug = task.case.version.service.slug
        answers = flatten(self.examples[slug]["tasks"].get(task.element, {}))
        self._attach_to_task(task, holder, answers, at)
        if slug == OBJECTION:
            return actions.Decision("accept"), self.objections.decided(task, answers)
        if ready(task.case.version_id).definition.tasks[task.element].payment is not None:
            return self.money.confirm(task, answers, at)
        if "/visit/visited_on" in answers:
            answers["/visit/visited_on"] = str(local_day(at))
            answers["/measured/location_class"] = self.chance.choice("abc")
        outcomes = ready(task.case.version_id).definition.tasks[task.element].outcomes
        dice = self.chance.random()
        if task.element == "periksa" and "return" in outcomes and not task.returned and dice < 0.18:
            uploads_asked = [
                f.path
                for f in ready(task.case.version_id).form.fields.values()
                if f.kind in ("image", "file")
            ][:1]
            message = "Berkas yang ditandai tidak terbaca. Mohon unggah foto yang lebih jelas. (contoh)"
            return actions.Decision("return", message=message, fields=tuple(uploads_asked)), answers
        if "refuse" in outcomes and task.element in ("telaah", "periksa", "tinjau") and dice > 0.94:
            return (
                actions.Decision(
                    "refuse",
                    reason_fact="Keterangan tempat tidak sesuai dengan hasil pemeriksaan. (contoh)",
                    reason_law="Persyaratan pada standar pelayanan yang diterbitkan (perlu dikonfirmasi). (contoh)",
                ),
                {},
            )
        return actions.Decision("accept"), answers

    # --- machines --------------------------------------------------------------------------------
    def _deliver(self, handover_id: int) -> Callable[[datetime], None]:
        def happen(at: datetime) -> None:
            row = Handover.objects.get(pk=handover_id)
            if row.status not in ("waiting", "sent"):
                return
            when = max(at, row.next_try_at)
            if when > at:
                self.at(when, self._deliver(handover_id))
                return
            deliver(handover_id, now=at)
            row.refresh_from_db()
            if row.status in ("waiting", "sent"):
                self.at(at + timedelta(hours=4, minutes=5), self._deliver(handover_id))
            self._next_after_machine(row.case_id, at)

        return happen

    def _next_after_machine(self, case_id: int, at: datetime) -> None:
        if Task.objects.filter(case_id=case_id, status="open").exists():
            self.next(case_id, at)
        elif Case.objects.get(pk=case_id).status == Case.Status.WAITING_APPLICANT:
            self.at(at + timedelta(hours=self.chance.uniform(3, 60)), self._correct(case_id))

    def _fire(self, timer_id: int) -> Callable[[datetime], None]:
        def happen(at: datetime) -> None:
            timer = TimerRow.objects.get(pk=timer_id)
            if timer.status != "set" or timer.due_at is None:
                return
            if timer.due_at > at:
                self.at(timer.due_at + timedelta(seconds=1), self._fire(timer_id))
                return
            if actions.fire_timer(timer_id, now=at):
                for token in timer.case.tokens.filter(waiting="effect"):
                    issue_deemed_decision(timer.case_id, token.element, token.instance, now=at)
                self.next(timer.case_id, at)

        return happen


def _picture(text: str) -> bytes:
    image = Image.new("RGB", (480, 640), (230, 236, 236))
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 20, 460, 620), outline=(15, 90, 98), width=6)
    draw.text((150, 300), text, fill=(29, 42, 47), font_size=42)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=70)
    return out.getvalue()


def _paper() -> bytes:
    out = io.BytesIO()
    Image.open(io.BytesIO(_picture("BERKAS CONTOH"))).save(out, "PDF", resolution=72)
    return out.getvalue()
