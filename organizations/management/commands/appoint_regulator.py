"""Say which organization is the regulator of a kind of permit, or of organizations of a country that need none."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from organizations.services.appointment import appoint_regulator


class Command(BaseCommand):
    help = "Appoint an organization as the regulator of a permit kind or of a country. Repeatable; the last one counts."

    def add_arguments(self, parser):
        parser.add_argument("--organization", required=True, help="slug of the regulator")
        target = parser.add_mutually_exclusive_group(required=True)
        target.add_argument("--permit-kind", help="code of the permit kind, for example VN-SERVICE")
        target.add_argument("--country", help="ISO code: organizations of this country that need no permit")

    def handle(self, *, organization, permit_kind=None, country=None, **options):
        try:
            given = appoint_regulator(slug=organization, permit_kind=permit_kind, country=country)
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error
        self.stdout.write(f"{given.regulator_name} now reviews {permit_kind or given.country}.")
