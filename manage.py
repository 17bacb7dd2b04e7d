#!/usr/bin/env python
"""Entry point of every command; `manage.py help` lists them."""

import os
import sys

from django.core.management import execute_from_command_line

from tenants.embedded import EmbeddedError
from tenants.embedded.installation import Installation

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        if sys.argv[1:] == ["up"]:  # the supervisor needs nothing of Django, which its children load
            Installation(os.environ, sys.stdout).run()
        else:
            execute_from_command_line(sys.argv)
    except EmbeddedError as error:  # a data folder or secrets the settings cannot work with
        sys.exit(str(error))
