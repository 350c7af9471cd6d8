from django.core.management.base import BaseCommand

from config.management import words


class Command(BaseCommand):
    help = "Collect the texts of code and templates into locale/*/LC_MESSAGES/django.po; keeps what is translated."
    requires_system_checks = ()

    def handle(self, **options):
        source = words.collected()
        for language in words.languages():
            catalogue = words.read(language)
            catalogue.update(source, no_fuzzy_matching=True)
            words.write(language, catalogue)
            missing = sum(1 for message in catalogue if message.id and not _translated(message))
            self.stdout.write(f"{language}: {len(catalogue)} texts, {missing} without a translation")


def _translated(message) -> bool:
    return all(message.string) if isinstance(message.string, (list, tuple)) else bool(message.string)
