"""The servers of a one-machine installation, and where everything of it is kept. Free of Django."""

from tenants.embedded.endpoints import Urls, settings_urls
from tenants.embedded.errors import EmbeddedError
from tenants.embedded.paths import DataPaths, data_dir
from tenants.embedded.secrets import Secrets, load_secrets

__all__ = ["DataPaths", "EmbeddedError", "Secrets", "Urls", "data_dir", "load_secrets", "settings_urls"]
