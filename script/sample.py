# SPDX-License-Identifier: MPL-2.0
"""The sample commune of script/server: invented places, officers and families.

  sample.py prepare --civis PROGRAM --data DIR             places and staff, before the first start
  sample.py enter --url URL --families N [--watch-pid P]   families, through the API like anyone
  sample.py greet --url URL --data DIR [--watch-pid P]     accounts, what to try first, and where the data stays
  sample.py holder --url URL                               " by …": who listens there, as far as one may see
"""
import argparse
import contextlib
import datetime
import glob
import http.client
import os
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from civis_client import Client, here, new_case, run_civis  # noqa: E402
from families import declaration  # noqa: E402

PASSPHRASE = "rice field at dawn"
DISTRICT = "khm/04/0499"
COMMUNE = "khm/04/0499/049901"
HOSPITAL = COMMUNE + "/H001"
VILLAGES = ["04990101", "04990102", "04990103", "04990104"]
STAFF = [  # name, role, office, name in Khmer, name in Latin script
    ("sophea", "commune_official", COMMUNE, "ចាន់ សុភា", "CHAN SOPHEA"),
    ("maly", "hospital_clerk", HOSPITAL, "គឹម ម៉ាលី", "KIM MALY"),
    ("rithy", "district_verifier", DISTRICT, "ហេង រិទ្ធី", "HENG RITHY"),
    ("dara", "registrar", COMMUNE, "កែវ ដារ៉ា", "KEO DARA"),
    ("bopha", "national_administrator", "khm", "ព្រំ បុប្ផា", "PROM BOPHA"),
    ("vanna", "auditor", "khm", "ម៉ៅ វណ្ណា", "MAO VANNA"),
]


def prepare(options):
    run_civis(options.civis, "places", "import", here("script", "sample-places.csv"), "--data", options.data)
    run_civis(options.civis, "office", "add", "--data", options.data, "--scope", HOSPITAL, "--kind", "hospital",
              "--name-native", "មន្ទីរពេទ្យគំរូ", "--name-latin", "Kumru Hospital")
    with tempfile.NamedTemporaryFile("w", suffix=".passphrase") as secret:
        secret.write(PASSPHRASE)
        secret.flush()
        for name, role, scope, native, latin in STAFF:
            run_civis(options.civis, "staff", "add", "--data", options.data, "--name", name, "--role", role,
                      "--scope", scope, "--display-native", native, "--display-latin", latin,
                      "--passphrase-file", secret.name)
    print(f"sample: {len(STAFF)} accounts and the sample commune Kumru are ready")


def wait_until_ready(options):
    client = Client(options.url, timeout=5)
    for _ in range(300):
        if options.watch_pid and not os.path.exists(f"/proc/{options.watch_pid}"):
            raise SystemExit("sample: the server ended before it was ready")
        try:
            if client.get("/healthz").status == 200:
                return
        except OSError:
            client.close()
        time.sleep(0.1)
    raise SystemExit("sample: the server did not become ready within 30 seconds")


def officer(url, name):
    client = Client(url)
    answer = client.sign_in(name, PASSPHRASE)
    if answer.status != 201:
        raise SystemExit(f"sample: {name} could not sign in: {answer}")
    return client


def expect(answer, status, doing):
    if answer.status != status:
        raise SystemExit(f"sample: {doing} was answered with {answer}")
    return answer.json()


def enter(options):
    """Declares each family; then most are verified and registered, some are left on the way."""
    wait_until_ready(options)
    family = Client(options.url)
    official, verifier, registrar = (officer(options.url, name) for name in ("sophea", "rithy", "dara"))
    # The local date of Cambodia, where the births are.
    today = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=7)).date()
    registered = 0
    for n in range(options.families):
        # Families without an account are throttled, as they should be; one in ten comes that way.
        declarer = family if n % 10 == 9 and n < 60 else official
        case = new_case(COMMUNE, declaration(n, VILLAGES, today))
        made = expect(declarer.declare(case), 201, "declaring a birth")
        version, stays = made["version"], n % 20
        if stays == 0:
            pass                                                # waits for the verifier
        elif stays == 1:
            expect(verifier.move(case["id"], "return", version, {"reason": "evidence_missing"}), 200, "returning")
        elif stays == 2:
            expect(verifier.move(case["id"], "reject", version, {"reason": "duplicate", "details": {
                "grounds": "The child stands in the register already."}}), 200, "rejecting")
        else:
            moved = expect(verifier.move(case["id"], "verify", version), 200, "verifying")
            if stays != 3:                                      # 3: waits for the registrar
                if registrar.sign(case["id"]).status != 204:
                    raise SystemExit("sample: a signed draft was not taken")
                expect(registrar.move(case["id"], "register", moved["version"]), 200, "registering")
                registered += 1
        if (n + 1) % 20 == 0 or n + 1 == options.families:
            print(f"sample: {n + 1} of {options.families} families declared, {registered} births registered", flush=True)


def greet(options):
    wait_until_ready(options)
    print(f"""
civis is running at {options.url}

Sample accounts (all with the passphrase "{PASSPHRASE}"; this repository tells it to everyone):""")
    for name, role, scope, _, latin in STAFF:
        print(f"  {name:8} {role.replace('_', ' '):24} {latin:14} office {scope}")
    first = ((options.url, "what families, offices and checkers use; offices sign in at the foot of the page"),
             ("README.md", "a birth, from declaration to a certificate checked offline: in a shell, and through the browser"),
             (f"{options.url}/docs", "every route, readable"), (f"{options.url}/log/checkpoint", "the public log's signed head"))
    width = max(len(what) for what, _ in first) + 2
    print("\nTry first:")
    for what, why in first:
        print(f"  {what:{width}}{why}")
    print(f"Stop with Ctrl-C. The data stays in {options.data}; the log of events is {os.path.join(options.data, 'server.log')}.\n",
          flush=True)


def listening_sockets(port):
    """The kernel's numbers of the sockets that listen on a port."""
    for table in "/proc/net/tcp", "/proc/net/tcp6":
        with open(table, encoding="ascii") as f:
            for line in f.readlines()[1:]:
                column = line.split()
                if column[3] == "0A" and int(column[1].rsplit(":", 1)[1], 16) == port:  # 0A: LISTEN
                    yield f"socket:[{column[9]}]"


def holder(options):
    """Other users' processes cannot be looked into: then nothing, or only that it answers like civis, is known."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        client = Client(options.url, timeout=2)
        is_civis = client.get("/healthz").status == 200 and client.get("/log/checkpoint").status in (200, 404)
        print(" by a civis that is running" if is_civis else "", end="")
    with contextlib.suppress(OSError, ValueError):
        wanted = set(listening_sockets(int(options.url.rsplit(":", 1)[1])))
        for process in sorted(filter(str.isdigit, os.listdir("/proc")), key=int):
            with contextlib.suppress(OSError):
                if any(os.readlink(fd) in wanted for fd in glob.glob(f"/proc/{process}/fd/*")):
                    with open(f"/proc/{process}/comm", encoding="utf-8", errors="replace") as f:
                        print(f" (process {process}, {f.read().strip()})", end="")
                    return


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("step", choices=["prepare", "enter", "greet", "holder"])
    parser.add_argument("--civis", default=here("build", "civis"))
    parser.add_argument("--data", default="var")
    parser.add_argument("--url", default="http://127.0.0.1:8080")
    parser.add_argument("--families", type=int, default=200)
    parser.add_argument("--watch-pid", type=int, default=0)
    options = parser.parse_args()
    {"prepare": prepare, "enter": enter, "greet": greet, "holder": holder}[options.step](options)


if __name__ == "__main__":
    main()
