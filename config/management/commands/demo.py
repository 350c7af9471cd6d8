"""The demo world: made, set back, asked for its accounts and their codes."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from config.demo import people
from config.demo.reset import is_empty, remove_demo
from config.demo.world import build
from recruitment.services.code import show


class Command(BaseCommand):
    help = "Make the fictitious demo world; without --if-empty an earlier one is taken away first."

    def add_arguments(self, parser):
        parser.add_argument(
            "--reset", action="store_true", help="what happens without --if-empty anyway; for scripts that say it"
        )
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there is a demo world already")
        parser.add_argument("--accounts", action="store_true", help="print the demo accounts, change nothing")
        parser.add_argument("--code", metavar="EMAIL", help="print the present code of this account's authenticator app")
        parser.add_argument("--seed", type=int, default=1, help="another world for another number")
        parser.add_argument("--scale", type=float, default=1, help="1 = 300 openings; more are streamed in")

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("The demo world is not for production. Set DEMO=1 if this installation is for showing only.")
        if options["accounts"]:
            self._accounts()
        elif options["code"]:
            self._code(options["code"])
        elif not (options["if_empty"] and not is_empty()):
            self._make(options["seed"], options["scale"])

    def _make(self, seed: int, scale: float) -> None:
        if not 0 < scale <= 10_000:
            raise CommandError("--scale is a number above 0 and at most 10000.")
        removed = remove_demo()
        if removed:
            self.stdout.write(f"An earlier demo world of {removed} organizations is taken away.")
        made = build(seed=seed, now=timezone.now(), scale=scale, say=self.stdout.write)
        self.stdout.write(f"{made.openings} openings in {made.seconds:.1f} s. The one of the pictures: {show(made.known)}")

    def _accounts(self) -> None:
        if settings.PRODUCTION:
            raise CommandError("In production nobody can sign in as a demo account.")
        rows = list(people.accounts())
        if not rows:
            self.stdout.write("There is no demo world yet: manage.py demo")
            return
        self.stdout.write(f"Demo accounts (fictitious). Password of all with an e-mail address: {people.PASSWORD}")
        self.stdout.write("Second factor: make code EMAIL=… Phones get their code on the mailbox page.\n")
        width = max(len(row[0]) for row in rows)
        for address, name, role, slug in rows:
            place = f"/o/{slug}/" if slug else "/me/"
            self.stdout.write(f"  {address:<{width}}  {role:<10}  {place:<24}  {name}")

    def _code(self, email: str) -> None:
        found = people.code_of(email)
        if found is None:
            raise CommandError(f"There is no demo account with an authenticator app for {email}.")
        code, seconds = found
        self.stdout.write(f"{code}  (for {seconds} s more; a code works once)")
