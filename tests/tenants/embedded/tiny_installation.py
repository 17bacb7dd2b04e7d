"""An installation whose programs are one small web server; run as a child process by the tests."""

import os
import sys

from tenants.embedded.errors import EmbeddedError
from tenants.embedded.installation import STAGE_PROGRAMS, Installation
from tenants.embedded.paths import PROJECT
from tenants.embedded.supervisor import Spec

WEB = """
import http.server, sys

class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()

http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Ready).serve_forever()
"""


class TinyInstallation(Installation):
    """Real database and broker, real supervisor; no migrations and no Django."""

    def _prepare_data(self) -> None:
        self._supervisor.say("nothing to prepare")

    def _start_web(self) -> None:
        port = str(self.options.port)
        self._supervisor.start(
            Spec(
                name="web",
                command=lambda: [sys.executable, "-c", WEB, port],
                env=self._environment(),
                cwd=PROJECT,
                stage=STAGE_PROGRAMS,
            )
        )

    def _start_workers(self) -> None:
        self._supervisor.say("no tasks to work on")


if __name__ == "__main__":
    try:
        TinyInstallation(os.environ, sys.stdout).run()
    except EmbeddedError as error:
        sys.exit(str(error))
