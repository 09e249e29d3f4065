from django.apps import AppConfig


class GlossaryConfig(AppConfig):
    name = "tests.new_kind.glossary"
    verbose_name = "Glossary"

    def ready(self) -> None:
        from helpdesk.content.kinds import register
        from tests.new_kind.glossary.kinds import KINDS

        register(*KINDS)
