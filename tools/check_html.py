#!/usr/bin/env python3
"""Opens the page of `mllint stack --format html` in headless Chromium, which has to be installed.

    python tools/check_html.py [PICTURE.png]

It renders, a link of a finding reaches its line, and nothing is loaded or run that a hostile Dockerfile asks for: a
server on this machine, which the file names, is never asked. Exits with 1 and a line for each thing that is wrong.
"""

from __future__ import annotations

import html
import json
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: Without a network, and as root.
_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--window-size=1100,1600",
    "--virtual-time-budget=3000",
]
_SECONDS = 120
_DOCKERFILE = """\
FROM python:3.12.7-slim AS build
COPY . .
RUN pip install --no-cache-dir torch==2.4.0
RUN echo "</script><script>document.title='run'</script><img src=PLACE/img onerror=document.title='run'>"
FROM python:3.12.7-slim
COPY --from=build /usr/local /usr/local
LABEL page="<style>@import url(PLACE/css);</style><iframe src=PLACE/frame></iframe>"
CMD ["uvicorn", "app:app"]
"""
#: Put behind the page, without its policy: what a script of this check sees after following the link of a finding.
_PROBE = """\
<pre id="probe"></pre><script>
const link = [...document.querySelectorAll('.findings a')].find(each => each.textContent === 'line 8');
link.click();
const line = document.querySelector(':target');
const box = line && line.getBoundingClientRect();
document.getElementById('probe').textContent = JSON.stringify({
  target: line && line.querySelector('code').textContent, seen: !!box && box.top >= 0 && box.bottom <= innerHeight,
  boxes: document.querySelectorAll('svg.flow g').length, high: document.body.offsetHeight > 600,
  strange: document.querySelectorAll('main script, main img, main iframe, main style').length, title: document.title});
</script>
"""


class _Asked(BaseHTTPRequestHandler):
    """Notes what is asked of it."""

    paths: list[str] = []  # noqa: RUF012 (one list for all requests is what is wanted)

    def do_GET(self) -> None:
        self.paths.append(self.path)
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing: what was asked is told at the end."""


def run(picture: str | None) -> list[str]:
    """What is wrong, a sentence each."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Asked)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
            return list(_check(Path(name), f"http://127.0.0.1:{server.server_port}", picture))
    finally:
        server.shutdown()


def _check(folder: Path, place: str, picture: str | None) -> Iterator[str]:
    (folder / "Dockerfile").write_text(_DOCKERFILE.replace("PLACE", place), encoding="utf-8")
    command = [sys.executable, "-m", "mllint", "stack", "--isolated", "--format", "html", "Dockerfile"]
    text = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    page, probed = folder / "page.html", folder / "probed.html"
    page.write_text(text, encoding="utf-8")
    probed.write_text(re.sub("<meta http-equiv[^>]*>", "", text) + _PROBE, encoding="utf-8")
    shot = Path(picture).resolve() if picture else folder / "page.png"
    _chromium(folder, f"--screenshot={shot}", page.as_uri())
    if not shot.is_file() or shot.stat().st_size < 10_000:
        yield "the page is not drawn"
    found = re.search('<pre id="probe">(.*?)</pre>', _chromium(folder, "--dump-dom", probed.as_uri()))
    if found is None or not found[1]:
        yield "the page has no finding in line 8 to follow"
        return
    # With and without its policy: the text alone keeps what is hostile from being read as markup.
    seen = json.loads(html.unescape(found[1]))
    expected = {"target": 'CMD ["uvicorn", "app:app"]', "seen": True, "boxes": 2, "high": True, "strange": 0}
    yield from (f"{name} is {seen[name]!r}, not {value!r}" for name, value in expected.items() if seen[name] != value)
    if seen["title"] != "mllint stack: Dockerfile":
        yield "a script of the Dockerfile was run"
    yield from (f"{path} was loaded from outside" for path in _Asked.paths)


def _chromium(folder: Path, *arguments: str) -> str:
    command = ["chromium", *_FLAGS, f"--user-data-dir={folder / 'profile'}", *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=_SECONDS)
    return done.stdout


if __name__ == "__main__":
    wrong = run(sys.argv[1] if len(sys.argv) > 1 else None)
    print("\n".join(wrong) or "the page is drawn, its links work, and nothing is loaded")
    sys.exit(1 if wrong else 0)
