"""Refusals of the arithmetic. The services turn them into answers; nothing here knows about HTTP."""


def gettext_noop(message: str) -> str:
    """Mark a Chinese sentence for the message catalogue without translating it here."""
    return message


class BookkeepingError(ValueError):
    """A rule of bookkeeping was broken.

    `code` is the stable refusal code, `template` the untranslated sentence with %(name)s places, `params`
    what fills them; `str(error)` is the Chinese sentence.
    """

    def __init__(self, code: str, template: str, /, **params: object) -> None:
        self.code = code
        self.template = template
        self.params = params
        super().__init__(template % params if params else template)
