from django.core.management.base import BaseCommand, CommandError

from config.management import words

SHOWN = 20


class Command(BaseCommand):
    help = "Fail unless every catalogue is complete: nothing missing, empty or fuzzy, placeholders and tags as in English."
    requires_system_checks = ()

    def handle(self, **options):
        source = words.collected()
        failed = [f"{place}: blocktranslate without trimmed" for place in words.untrimmed_blocks()]
        for language in words.languages():
            if language == "en":  # the texts themselves are English
                continue
            found = list(words.faults(source, words.read(language)))
            failed += [f"{language}: {fault}" for fault in found[:SHOWN]]
            if len(found) > SHOWN:
                failed.append(f"{language}: … and {len(found) - SHOWN} more")
        if failed:
            raise CommandError("\n".join(failed))
        self.stdout.write(f"{len(source)} texts are complete in every language.")
