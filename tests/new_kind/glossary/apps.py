from helpdesk.contentadmin import content_app


class GlossaryConfig(content_app.ContentAppConfig):
    name = "tests.new_kind.glossary"
    verbose_name = "Glossary"
