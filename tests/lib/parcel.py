# SPDX-License-Identifier: MPL-2.0
"""Parcels as a client seals them."""
import json
import os
import subprocess
import uuid

from harness import civis_program


def seal(plain, key, kind="request"):
    """What a client makes of these bytes; key: what /api/v1/parcel-key told."""
    program = os.path.join(os.path.dirname(civis_program()), "tests", "make_parcel")
    return subprocess.run([program, kind, key["kid"], key["key"], key["deployment"]], input=plain, capture_output=True,
                          check=True).stdout


def request_inside(path, body, key=None, match=None, **change):
    """The plaintext of a request parcel. change: other members, of the request or around it."""
    request = {"method": "POST", "path": path, "key": str(uuid.uuid4()) if key is None else key, "match": match, "body": body}
    envelope = {"made_at": "2026-11-20T02:11:00Z", "staff": str(uuid.uuid4()), "request": request}
    for name, value in change.items():
        (request if name in request else envelope)[name] = value
    return json.dumps(envelope, ensure_ascii=False).encode()


def send(client, parcel, to="/api/v1/parcels"):
    return client.request("POST", to, raw=parcel, headers={"Content-Type": "application/octet-stream"})


def have_back(client, parcel):
    """What is in a parcel that is refused."""
    return send(client, parcel, "/api/v1/parcels/opened")


def send_request(client, path, body, **more):
    """Seals a request to the key as it is now, and sends it."""
    return send(client, seal(request_inside(path, body, **more), client.get("/api/v1/parcel-key").json()))
