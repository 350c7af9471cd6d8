from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Make the database ready for this version, as the owner: migrations, grants and triggers, reference data. Repeatable."
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="and the demo world, unless there is one")
        parser.add_argument("--accounts", metavar="FILE", type=Path, help="write the list of demo accounts there")
        parser.add_argument("--static", action="store_true", help="and collect the static files")

    def handle(self, *, demo, accounts, static, verbosity, **options):
        call_command("migrate", database="owner", verbosity=verbosity, skip_checks=False, stdout=self.stdout)
        call_command("secure_database", verbosity=verbosity, stdout=self.stdout)
        call_command("load_reference", verbosity=verbosity, stdout=self.stdout)
        if static:
            call_command("collectstatic", interactive=False, clear=True, verbosity=0, stdout=self.stdout)
        if demo:
            self.stdout.write("Making the demo world …")
            call_command("demo", if_empty=True, stdout=self.stdout)
        if accounts:
            with accounts.open("w", encoding="utf-8") as file:
                call_command("demo", accounts=True, stdout=file)
