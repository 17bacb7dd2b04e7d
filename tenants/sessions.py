"""Session store: database-backed, bound to a person, a company and a device, so that it can be listed and revoked."""

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from tenants.models import Session


class SessionStore(DatabaseStore):
    """As Django's, with the columns of `Session` filled from the keys that sign-in sets."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]  # typed as the stock model
        row.user_id = data.get("user_id")
        row.tenant_id = data.get("tenant_id")
        # The row is written again at every save: the moment of signing in travels with the data.
        signed_in = data.get("signed_in_at")
        row.created_at = datetime.fromisoformat(signed_in) if signed_in else timezone.now()
        row.ip = data.get("ip")
        row.user_agent = str(data.get("user_agent", ""))[:200]
        return row
