# SPDX-License-Identifier: MPL-2.0
"""Independent programs accept the log that civis writes, and refuse it once a byte is flipped.

Two verifiers share no code with civis: Go's sumdb packages (log_go) and npm's
@sigstore/verify with Node's own crypto (log_npm). `civis log verify` must agree
with them, over files and over HTTP.

run_log.py MAKE_LOG          (environment: CIVIS, SOURCE_ROOT)
"""
import http.server
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

ROOT = pathlib.Path(os.environ.get("SOURCE_ROOT", pathlib.Path(__file__).resolve().parents[2]))
HERE = ROOT / "tests" / "interop"
CIVIS = os.environ.get("CIVIS")
MAKE_LOG = sys.argv[1]
GO_PACKAGES = "/usr/share/gocode"

count = 0


def point(good, name, detail=""):
    global count
    count += 1
    print(f"{'ok' if good else 'not ok'} {count} - {name}")
    if not good and detail:
        print("# " + detail.strip().replace("\n", "\n# "))
    sys.stdout.flush()


def skip(name, why):
    global count
    count += 1
    print(f"ok {count} - {name} # SKIP {why}")


def run(*command):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=300)
    return done.returncode, done.stdout + done.stderr


def build_go(folder):
    if not shutil.which("go") or not os.path.isdir(f"{GO_PACKAGES}/src/golang.org/x/mod/sumdb"):
        return None, "needs Debian's golang-go and golang-golang-x-mod-dev"
    out = folder / "log_go"
    env = dict(os.environ, GO111MODULE="off", GOPATH=GO_PACKAGES, GOFLAGS="", GOCACHE=str(folder / "go-cache"))
    done = subprocess.run(["go", "build", "-o", str(out), "."], cwd=HERE / "log_go", env=env,
                          capture_output=True, text=True, timeout=300)
    return (out, "") if done.returncode == 0 else (None, done.stderr)


def flip(path, at=None):
    data = bytearray(path.read_bytes())
    data[len(data) // 2 if at is None else at] ^= 1
    path.write_bytes(data)


def serve(folder):
    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args):
            super().__init__(*args, directory=str(folder))

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


# What is flipped, and which of the three can see it (Node reads the receipt and the proof, not the tiles).
SPOILED = [
    ("log/checkpoint", 25, "go node civis"),
    ("log/tile/entries/001", None, "go civis"),
    ("log/tile/0/001", None, "go civis"),
    ("log/tile/1/000", None, "go civis"),
    ("log/tile/2/000.p/1", None, "go civis"),
    ("log/tile/0/273.p/112", None, "go civis"),
    ("older", 30, "go civis"),
    ("proof", 120, "go node"),
    ("receipt.cbor", 60, "node"),
    ("act.cbor", 100, "node"),
]


def main():
    work = pathlib.Path(tempfile.mkdtemp(prefix="civis-interop-"))
    try:
        verify_all(work)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    print(f"1..{count}")


def verifiers(work):
    found = {}
    go, why = build_go(work)
    if go:
        found["go"] = lambda d: run(go, d)
    else:
        skip("Go's sumdb", why.splitlines()[0] if why else "it does not build")
    if shutil.which("node") and (HERE / "node_modules" / "@sigstore" / "verify").is_dir():
        found["node"] = lambda d: run("node", HERE / "log_npm" / "verify.js", d)
    else:
        skip("@sigstore/verify", "needs node and tests/interop/node_modules (script/setup)")
    if CIVIS and os.path.exists(CIVIS):
        found["civis"] = lambda d: run(CIVIS, "log", "verify", d / "log", "--key",
                                       (d / "log.vkey").read_text().strip(), "--older", d / "older")
    else:
        skip("civis log verify", "the program is not built")
    return found


def verify_all(work):
    found = verifiers(work)
    for size in (70000, 65536, 257, 256, 255, 3):
        folder = work / str(size)
        code, output = run(MAKE_LOG, folder, size)
        if code != 0:
            point(False, f"a log of {size} entries is made", output)
            continue
        for name, verify in found.items():
            code, output = verify(folder)
            point(code == 0, f"{name} accepts a log of {size} entries", output)
    for name, at, who in SPOILED:
        folder = work / "spoiled"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(work / "70000", folder)
        flip(folder / name, at)
        for verifier in who.split():
            if verifier in found:
                code, output = found[verifier](folder)
                point(code != 0, f"{verifier} refuses a flipped byte in {name}", output)
    if "civis" in found:
        over_http(work / "70000")
    the_vectors(work, found)


def over_http(folder):
    server = serve(folder)
    url = f"http://127.0.0.1:{server.server_port}"
    key = (folder / "log.vkey").read_text().strip()
    code, output = run(CIVIS, "log", "verify", url, "--key", key)
    point(code == 0, "civis verifies the log over HTTP", output)
    flip(folder / "log/tile/entries/100")
    code, output = run(CIVIS, "log", "verify", url + "/log/", "--key", key)
    point(code == 1 and ("tile/entries/100" in output or "tile/0/100" in output),
          "civis refuses a flipped byte over HTTP and says where", output)
    code, output = run(CIVIS, "log", "verify", f"http://127.0.0.1:{server.server_port}/nothing")
    point(code == 2, "civis says that a place without a log is unusable", output)
    server.shutdown()


def the_vectors(work, found):
    """The committed vectors are what the program makes today, and the others accept them."""
    folder = work / "vectors"
    run(MAKE_LOG, folder, 300)
    kept = HERE.parent / "vectors" / "log"
    same = sorted(p.relative_to(kept) for p in kept.rglob("*") if p.is_file()) == \
        sorted(p.relative_to(folder) for p in folder.rglob("*") if p.is_file()) and \
        all((folder / p.relative_to(kept)).read_bytes() == p.read_bytes() for p in kept.rglob("*") if p.is_file())
    point(same, "the test vectors are made again byte for byte")
    for name, verify in found.items():
        code, output = verify(kept)
        point(code == 0, f"{name} accepts the test vectors", output)


main()
