"""One's own copies of versions, sent and received, and the word to the recipient's company."""

from uuid import UUID

from django.db import transaction

from apps.supply.models import DocVersion, Outbox, VersionCopy
from apps.supply.waking import wake_recipient

COPIED = (
    "id", "link", "chain", "about", "seq", "kind", "sender", "recipient", "sent_at", "payload", "prev_hash",
    "body_hash", "signature", "key",
)  # fmt: skip


def keep(version: DocVersion) -> VersionCopy:
    """Store the copy; a second one of the same version changes nothing."""
    copy = VersionCopy(**{name: getattr(version, name) for name in COPIED})
    VersionCopy.objects.bulk_create([copy], ignore_conflicts=True)
    return copy


def keep_sent(version: DocVersion) -> VersionCopy:
    """Copy what was sent, note it in the outbox, and wake the recipient's company once it is committed."""
    note_sent(version)
    wake_after_commit(version.recipient)
    return keep(version)


def note_sent(version: DocVersion) -> None:
    """The row of the outbox; a second one of the same version changes nothing."""
    row = Outbox(
        version=version.id, link=version.link, chain=version.chain, seq=version.seq, kind=version.kind,
        at=version.sent_at,
    )  # fmt: skip
    Outbox.objects.bulk_create([row], ignore_conflicts=True)


def wake_after_commit(party: UUID) -> None:
    """The queue may be down: the sweep finds what was not delivered."""
    transaction.on_commit(lambda: wake_recipient(party), robust=True)
