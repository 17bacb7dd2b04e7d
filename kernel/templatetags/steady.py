"""Django's own `trans`, `url` and `static`, remembered where the answer cannot change while the process lives.

A page of the company asks some two hundred of them; each costs a hundredth of what it did.
"""

from functools import lru_cache

from django import template
from django.template.base import FilterExpression, Node, Parser, Token, Variable
from django.template.context import Context
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.templatetags.i18n import TranslateNode, do_translate
from django.templatetags.static import StaticNode
from django.templatetags.static import static as address_of
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from kernel.links import link

register = template.Library()


class Word(Node):
    """A text that stands in the template itself, in the reader's language."""

    child_nodelists = ()

    def __init__(self, source: TranslateNode) -> None:
        self.asvar, source.asvar = source.asvar, None
        self.source = source
        self.said: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        word = self.said.get(language)
        if word is None:
            word = self.said[language] = self.source.render(context)
        if not self.asvar:
            return word
        context[self.asvar] = word
        return ""


@register.tag("trans")
@register.tag("translate")
def translate(parser: Parser, token: Token) -> Node:
    """`{% trans "词" %}`; a text that comes from the context is asked each time."""
    source = do_translate(parser, token)
    is_steady = _is_constant(source.filter_expression) and source.message_context is None
    return Word(source) if is_steady else source


def _is_constant(expression: FilterExpression) -> bool:
    var = expression.var
    return not expression.filters and isinstance(var, Variable) and var.lookups is None


class Address(URLNode):
    """`{% url "name" argument … %}`; a name that is not there is an error, with `as` it is empty."""

    def render(self, context: Context) -> str:
        name = self.view_name.resolve(context)
        try:
            found = conditional_escape(link(name, *[argument.resolve(context) for argument in self.args]))
        except NoReverseMatch:
            if not self.asvar:
                raise
            found = SafeString("")
        if not self.asvar:
            return found
        context[self.asvar] = found
        return ""


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """Named arguments are for pages of other makers; ours have places."""
    source = django_url(parser, token)
    return source if source.kwargs else Address(source.view_name, source.args, source.kwargs, source.asvar)


class File(StaticNode):
    """`{% static "css/q.css" %}`; the name with its fingerprint is looked up once."""

    @classmethod
    def handle_simple(cls, path: str) -> str:
        return static_address(path)


@register.tag
def static(parser: Parser, token: Token) -> Node:
    return File.handle_token(parser, token)


@lru_cache(maxsize=1000)
def static_address(path: str) -> str:
    """Where a file of ours is served."""
    return str(address_of(path))
