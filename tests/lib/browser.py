# SPDX-License-Identifier: MPL-2.0
"""What running the web client in a real browser needs: Chromium, a Node that is new enough, and the test packages."""
import os
import platform
import shutil
import subprocess

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
PACKAGES = os.path.join(ROOT, "tests", "browser", "node_modules")
NODE = 20  # the first with what node:test needs here; Debian 12 has 18


def _version(node):
    done = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    return int(done.stdout[1:].split(".")[0]) if done.returncode == 0 and done.stdout.startswith("v") else 0


def node():
    """A Node that is new enough: the one on the path, or the one among the packages; or None."""
    machine = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine(), platform.machine())
    for found in (shutil.which("node"), os.path.join(PACKAGES, f"node-linux-{machine}", "bin", "node")):
        if found and os.path.exists(found) and _version(found) >= NODE:
            return found
    return None


def missing():
    """What is not there, in words; None when all is."""
    if not shutil.which("chromium"):
        return "there is no chromium"
    if not os.path.isdir(os.path.join(PACKAGES, "playwright-core")):
        return "the packages of tests/browser are missing"
    return None if node() else f"there is no Node {NODE} or newer"
