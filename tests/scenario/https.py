#!/usr/bin/env python3
# SPDX-License-Identifier: MPL-2.0
"""The register speaks HTTPS itself, under an authority of the office's own that may speak for nothing else.

usage: https.py [TEST …]
"""
import contextlib
import http.client
import os
import socket
import ssl
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
from harness import check, civis, civis_program, data_folder, equal, free_port, run_tests, test  # noqa: E402

NAMES = "civis.office.example,localhost,127.0.0.1"


class Https:
    """A server with a certificate of its own; `trusting` is a context that knows the office's authority."""

    def __init__(self, data):
        self.data, self.port = data, free_port()

    def __enter__(self):
        self.process = subprocess.Popen(
            [civis_program(), "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}", "--development"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        for line in self.process.stdout:
            if "ready at" in line:
                self.said = line
                return self
        raise AssertionError("the server ended before it was ready")

    def __exit__(self, *_):
        self.process.terminate()
        self.process.communicate(timeout=60)

    def trusting(self):
        return ssl.create_default_context(cafile=os.path.join(self.data, "tls", "authority.crt"))

    def connect(self, context=None, host="localhost"):
        raw = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        return (context or self.trusting()).wrap_socket(raw, server_hostname=host)

    def get(self, path, context=None, **headers):
        client = http.client.HTTPSConnection("localhost", self.port, timeout=20, context=context or self.trusting())
        client.request("GET", path, headers=headers)
        answer = client.getresponse()
        body = answer.read()
        client.close()
        return answer.status, answer.headers, body


@contextlib.contextmanager
def office():
    with data_folder() as data:
        civis("tls", "new", "--data", data, "--for", NAMES)
        yield data


@contextlib.contextmanager
def https():
    with office() as data, Https(data) as server:
        yield server


def openssl(*args, stdin=None):
    return subprocess.run(["openssl", *args], input=stdin, capture_output=True, text=True, check=False)


@test
def phones_that_trust_the_office_need_no_exception():
    with https() as s:
        check(f"ready at https://127.0.0.1:{s.port}" in s.said, s.said)
        equal(s.get("/healthz")[0], 200)
        for host in ("civis.office.example", "127.0.0.1"):
            s.connect(host=host).close()
        try:
            s.connect(host="bank.example").close()
            check(False, "another name was accepted")
        except ssl.SSLCertVerificationError as e:
            check("bank.example" in str(e), e)
        # Whoever does not know the authority refuses; and it can be fetched to be compared and installed.
        try:
            s.connect(ssl.create_default_context()).close()
            check(False, "a stranger's certificate was accepted")
        except ssl.SSLCertVerificationError:
            pass
        unchecked = ssl.create_default_context()
        unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
        status, headers, body = s.get("/authority.crt", unchecked)
        equal((status, headers["content-type"]), (200, "application/x-x509-ca-cert"))
        with open(os.path.join(s.data, "tls", "authority.crt"), "rb") as f:
            equal(body, f.read())


@test
def old_and_new_tls_and_nothing_older():
    with https() as s:
        for version, fine in ((ssl.TLSVersion.TLSv1_3, True), (ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_1, False)):
            context = s.trusting()
            context.set_ciphers("DEFAULT:@SECLEVEL=0")
            context.minimum_version = context.maximum_version = version
            try:
                equal(s.get("/healthz", context)[0], 200)
                check(fine, version)
            except ssl.SSLError:
                check(not fine, version)
        without_forward_secrecy = s.trusting()
        without_forward_secrecy.maximum_version = ssl.TLSVersion.TLSv1_2
        without_forward_secrecy.set_ciphers("AES256-GCM-SHA384")
        try:
            s.connect(without_forward_secrecy).close()
            check(False, "a key exchange without forward secrecy was accepted")
        except ssl.SSLError:
            pass


@test
def what_tls_read_ahead_is_answered_too():
    """Requests that came in one record are all answered, and a large answer and a large body get through whole."""
    with https() as s:
        line = s.connect()
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n" * 20)
        got = b""
        while got.count(b"HTTP/1.1 200") < 20:
            piece = line.recv(65536)
            check(piece, f"ended after {got.count(b'HTTP/1.1 200')} answers")
            got += piece
        line.close()
        files = [f for f in s.get("/sw.js")[2].decode().split('"') if f.endswith(".wasm")]
        status, headers, body = s.get(files[0])
        equal((status, len(body)), (200, int(headers["content-length"])))
        check(len(body) > 500_000 and body[:4] == b"\0asm", len(body))
        # A body over many records, more than one read: told that it is wrong, not cut off.
        line = s.connect()
        line.sendall(b"POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 3800\r\n\r\n")
        for _ in range(38):
            line.sendall(b"x" * 100)
            time.sleep(0.01)
        check(b"bad_json" in line.recv(65536))
        line.close()


@test
def a_plain_request_is_told_to_write_https():
    with https() as s:
        line = socket.create_connection(("127.0.0.1", s.port), timeout=20)
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = line.recv(4096).decode()
        check(answer.startswith("HTTP/1.1 400 ") and "https://" in answer and "ရေးပါ" in answer, answer)
        equal(line.recv(10), b"")
        line.close()
        for junk in (b"\x16\x03\x01\xff\xff" + b"\0" * 300, b"\0" * 100, b"\x16"):
            line = socket.create_connection(("127.0.0.1", s.port), timeout=20)
            line.sendall(junk)
            line.close()
        equal(s.get("/healthz")[0], 200)


@test
def renewing_leaves_the_phones_alone():
    with office() as data:
        with Https(data) as s:
            before, first = s.trusting(), s.connect().getpeercert(True)
        civis("tls", "renew", "--data", data)
        with Https(data) as s:
            line = s.connect(before)
            check(line.getpeercert(True) != first)
            line.close()


@test
def the_authority_speaks_for_its_names_alone():
    """Whoever steals its key cannot sign for another name: an independent verifier refuses."""
    with office() as data:
        folder = os.path.join(data, "tls")
        equal(os.stat(os.path.join(folder, "authority.key")).st_mode & 0o777, 0o600)
        equal(os.stat(os.path.join(folder, "key.pem")).st_mode & 0o777, 0o600)
        here = lambda name: os.path.join(folder, name)  # noqa: E731
        for name, fine in (("DNS:localhost", True), ("DNS:bank.example", False), ("IP:127.0.0.1", True), ("IP:10.0.0.1", False)):
            with open(here("ext"), "w", encoding="ascii") as f:
                f.write(f"subjectAltName={name}\nextendedKeyUsage=serverAuth\n")
            request = openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", here("t.key"), "-subj", "/CN=t")
            equal(request.returncode, 0, request.stderr)
            signed = openssl("x509", "-req", "-CA", here("authority.crt"), "-CAkey", here("authority.key"), "-set_serial", "7", "-extfile", here("ext"),
                             "-out", here("t.crt"), stdin=request.stdout)
            equal(signed.returncode, 0, signed.stderr)
            judged = openssl("verify", "-CAfile", here("authority.crt"), here("t.crt"))
            equal(judged.returncode == 0, fine, name + judged.stdout + judged.stderr)


@test
def wrong_names_and_files_are_told_before_anything_changes():
    with data_folder() as data:
        for wrong in ("", "a b", "-x", "a..b", "127.0.0.1,,x", "http://x"):
            done = civis("tls", "new", "--data", data, "--for", wrong, status=2)
            check(done.stderr.startswith("civis tls new: ") and not os.path.exists(os.path.join(data, "tls")), done.stderr)
        done = civis("tls", "renew", "--data", data, status=2)
        check("civis tls new" in done.stderr, done.stderr)
        civis("tls", "new", "--data", data, "--for", NAMES)
        again = civis("tls", "new", "--data", data, "--for", NAMES, status=2)
        check("civis tls renew" in again.stderr, again.stderr)
        key = os.path.join(data, "tls", "key.pem")
        for content, says in (("no key", "cannot be read"), (openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout").stdout, "does not belong")):
            with open(key, "w", encoding="ascii") as f:
                f.write(content)
            done = subprocess.run([civis_program(), "serve", "--data", data, "--listen", "127.0.0.1:0", "--development"],
                                  capture_output=True, text=True, timeout=60, check=False)
            equal(done.returncode, 2, done.stderr)
            check(says in done.stderr, done.stderr)


if __name__ == "__main__":
    run_tests()
