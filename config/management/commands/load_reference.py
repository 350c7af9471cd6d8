"""Reference files into the database, as the owner. Repeatable: a second run changes nothing."""

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from organizations.services import reference as organizations
from organizations.services.reference import BadReference
from recruitment.services import reference as recruitment


class Command(BaseCommand):
    help = "Load the reviewed reference files (countries, programmes, fee law, permit kinds …); all or nothing."

    def add_arguments(self, parser):
        parser.add_argument("--database", default="owner", help="Connection that may write reference tables.")

    def handle(self, *, database, verbosity, **options):
        try:
            with transaction.atomic(using=database):
                loaded = [*organizations.load(using=database), *recruitment.load(using=database)]
        except BadReference as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        for table in loaded:
            if verbosity > 1 or (verbosity and not table.is_quiet):
                self.stdout.write(f"{table.table}: {table.created} new, {table.changed} changed, {table.retired} retired")
        if verbosity:
            self.stdout.write("Reference data is loaded.")
