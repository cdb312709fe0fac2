# SPDX-License-Identifier: MPL-2.0
"""A small client of the civis API: standard library only, one keep-alive connection.

Used by the sample, the scenarios and the benchmarks. It does nothing that a
person could not do with curl.
"""
import base64
import http.client
import json
import os
import secrets
import urllib.parse
import uuid


class Answer:
    """Status, headers (lower-case names) and body of one response."""

    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The stable error code of a problem, or None."""
        try:
            return self.json().get("code")
        except ValueError:
            return None

    def __repr__(self):
        return f"<{self.status} {self.body[:300]!r}>"


class Client:
    def __init__(self, url, token=None, language="en", timeout=30):
        parts = urllib.parse.urlsplit(url)
        self.host, self.port, self.timeout = parts.hostname, parts.port, timeout
        self.token, self.language, self.connection = token, language, None

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def request(self, method, path, body=None, headers=None, raw=None, key=None):
        """key: the Idempotency-Key; a fresh one is made for every POST that names none."""
        send = {"Accept-Language": self.language}
        if self.token:
            send["Authorization"] = "Bearer " + self.token
        data = raw
        if body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
            send["Content-Type"] = "application/json"
        if method == "POST":
            send["Idempotency-Key"] = key or str(uuid.uuid4())
        send.update(headers or {})
        for attempt in (0, 1):
            fresh = self.connection is None
            if fresh:
                self.connection = http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)
            try:
                self.connection.request(method, path, body=data, headers=send)
                response = self.connection.getresponse()
                content = response.read()
                break
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                # A keep-alive connection that the server closed meanwhile; repeating is safe,
                # since the request carries its key.
                self.close()
                if fresh or attempt:
                    raise
        names = {}
        for name, value in response.getheaders():  # what stands there twice shows
            names[name.lower()] = f"{names[name.lower()]}, {value}" if name.lower() in names else value
        if response.will_close:
            self.close()
        return Answer(response.status, names, content)

    def get(self, path, **more):
        return self.request("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.request("POST", path, body=body if body is not None else {}, **more)

    def sign_in(self, name, passphrase):
        answer = self.post("/api/v1/sessions", {"name": name, "passphrase": passphrase})
        if answer.status == 201:
            self.token = answer.json()["token"]
        return answer

    def declare(self, case, key=None):
        return self.post("/api/v1/cases", case, key=key)

    def move(self, case_id, transition, version, body=None, key=None, headers=None):
        """One transition of a case; version is the number that its ETag holds."""
        more = {"If-Match": f'"{version}"'}
        more.update(headers or {})
        return self.post(f"/api/v1/cases/{case_id}/{transition}", body or {}, headers=more, key=key)

    def sign(self, case_id):
        """The informant heard the draft as it stands and signed it: its photograph is attached."""
        return self.upload(case_id, "signed_draft", PHOTOGRAPH)

    def upload(self, case_id, kind, content, secret=None, piece=None):
        """tus 1.0: creation, then the content in pieces. Returns the last answer."""
        secret_header = {"Tracking-Secret": secret} if secret else {}
        metadata = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in
                            (("case", case_id), ("kind", kind)))
        answer = self.request("POST", "/api/v1/uploads", raw=b"", headers={
            "Tus-Resumable": "1.0.0", "Upload-Length": str(len(content)), "Upload-Metadata": metadata,
            **secret_header})
        if answer.status != 201:
            return answer
        where, offset = answer.headers["location"], 0
        while offset < len(content):
            part = content[offset:offset + (piece or len(content))]
            answer = self.request("PATCH", where, raw=part, headers={
                "Tus-Resumable": "1.0.0", "Upload-Offset": str(offset),
                "Content-Type": "application/offset+octet-stream", **secret_header})
            if answer.status != 204:
                return answer
            offset = int(answer.headers["upload-offset"])
        return answer


# The smallest JPEG that decoders take: one grey point; with an EXIF segment that must not survive.
PHOTOGRAPH = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffe10019457869660000474e53532d4845524520313131332e3536"
    "ffdb004300" + "01" * 64 + "ffc0000b080001000101011100ffc40014000100000000000000000000000000000009"
    "ffc40014100100000000000000000000000000000000ffda0008010100003f0054ffd9")


def new_case(office, declaration, language="km"):
    """The body of a declaration, with an id and a tracking secret made here, by the client."""
    return {"id": str(uuid.uuid4()), "kind": "birth", "office": office, "language": language,
            "tracking_secret": secrets.token_urlsafe(24), "declaration": declaration}


def run_civis(civis, *args, stdin=None):
    """Runs a subcommand and ends with its words if it fails."""
    import subprocess
    done = subprocess.run([civis, *args], input=stdin, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"civis {' '.join(args[:2])} failed ({done.returncode}):\n{done.stderr}{done.stdout}")
    return done.stdout


def here(*parts):
    """A path below the root of the project."""
    return os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", *parts)
