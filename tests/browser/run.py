#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""The web client in a real browser: starts a server for each country, and run.mjs beside them. Prints TAP.

    run.py [FILE …]        only these, as "start.test.mjs"; environment: CIVIS, and UPDATE_PICTURES=1 to take pictures anew

The tests learn from CIVIS_BROWSER (JSON) where the servers are and who works there. Cases that a test is not about are made
through `control`: POST /COUNTRY/declare, /COUNTRY/verify or /COUNTRY/register with the arguments that tests/lib/harness.py's
Server takes, as JSON; the answer is the case. POST /COUNTRY/devices_quiet lets days pass in which no device is heard.
"""
import contextlib
import http.server
import json
import os
import subprocess
import sys
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "lib"))
import browser  # noqa: E402
from harness import PASSPHRASE, CheckFailed, server  # noqa: E402

COUNTRIES = ("khm", "mmr", "zed")
MAKES = ("declare", "verify", "register", "devices_quiet")


def control(servers):
    """A server of this program's own, by which the tests have cases made. One at a time."""
    busy = threading.Lock()

    class Control(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            _, country, verb = self.path.split("/")
            wanted = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, answer = 200, None
            try:
                if verb not in MAKES:
                    raise CheckFailed(f"nothing here is called {verb}")
                with busy:
                    answer = getattr(servers[country], verb)(**wanted)
            except (CheckFailed, KeyError, TypeError) as wrong:
                status, answer = 500, repr(wrong)
            body = json.dumps(answer, ensure_ascii=False).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Control)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{made.server_address[1]}"


def described(s):
    c = s.country
    return {"url": s.url, "language": c.language, "office": c.office, "hospital": c.hospital[0], "villages": c.villages,
            "officers": {name: {"role": role, "office": office} for name, (role, office) in c.officers.items()}}


def main():
    lacking = browser.missing()
    if lacking:
        print(f"1..0 # SKIP {lacking}: script/setup --tests")
        return 0
    with contextlib.ExitStack() as stack:
        servers = {country: stack.enter_context(server(country)) for country in COUNTRIES}
        told = {"control": control(servers), "passphrase": PASSPHRASE,
                "countries": {country: described(s) for country, s in servers.items()}}
        return subprocess.run([browser.node(), os.path.join(HERE, "run.mjs"), *sys.argv[1:]], check=False,
                              env={**os.environ, "CIVIS_BROWSER": json.dumps(told)}).returncode


if __name__ == "__main__":
    sys.exit(main())
