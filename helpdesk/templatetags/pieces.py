"""{% piece %}: a part of a page that is rendered once for the same values."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.base import token_kwargs

from helpdesk.web import fragments

register = template.Library()


class PieceNode(template.Node):
    def __init__(self, name: str, values: dict[str, Any]) -> None:
        self.name = name
        self.values = values

    def render(self, context: template.Context) -> str:
        return fragments.piece(
            self.name, {name: value.resolve(context) for name, value in self.values.items()}, context
        )


@register.tag
def piece(parser: template.base.Parser, token: template.base.Token) -> PieceNode:
    """{% piece "_name.html" a=x b=y %}: as {% include "_name.html" with a=x b=y only %}, kept under these values."""
    _tag, name, *rest = token.split_contents()
    values = token_kwargs(rest, parser)
    if rest or name[0] != name[-1] or name[0] not in "\"'":
        raise template.TemplateSyntaxError("piece takes the name of a template and values: a=x b=y")
    return PieceNode(name[1:-1], values)
