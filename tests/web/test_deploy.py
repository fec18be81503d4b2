"""Deployment as documented: the settings are safe, the table of variables is true, and the nginx file works."""

from __future__ import annotations

import configparser
import http.client
import os
import re
import shutil
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from serving import Reply
from serving import free_port
from serving import served

ROOT = Path(__file__).parents[2]
DEPLOY = (ROOT / "docs" / "deploy.md").read_text("utf-8")
SOURCES = ROOT / "src" / "detente"
HOST = "record.example.org"
KEY = "write-fifty-or-more-random-letters-and-digits-here-0123"


def fence(language: str) -> str:
    """Return the text of the one fence in a language."""
    [found] = re.findall(rf"^```{language}\n(.*?)^```$", DEPLOY, re.DOTALL | re.MULTILINE)
    return str(found)


# --- Settings ---------------------------------------------------------------------------------------------------


def checked(**environment: str) -> subprocess.CompletedProcess[str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DETENTE_", "DATABASE_URL"))}
    settings = {"DJANGO_SETTINGS_MODULE": "detente.web.settings", "PYTHONPATH": str(ROOT / "src")}
    command = [sys.executable, "-W", "error", "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        command, env={**kept, **settings, **environment}, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize(
    "environment",
    [
        {"DETENTE_SECRET_KEY": KEY, "DETENTE_HOSTS": HOST, "DETENTE_PROXY": "1"},
        {"DETENTE_HOSTS": HOST, "DETENTE_READ_ONLY": "1"},
        {"DETENTE_LOCAL": "1"},
    ],
    ids=["behind a proxy", "a mirror without a key", "on a laptop"],
)
def test_django_has_nothing_to_say_about_the_settings(environment: dict[str, str]) -> None:
    found = checked(**environment)
    assert found.returncode == 0, found.stderr
    assert "no issues" in found.stdout


def test_the_check_would_say_something() -> None:
    assert "security.W018" in checked(DETENTE_DEBUG="1").stderr


def test_every_variable_that_is_read_is_in_the_table_and_no_other() -> None:
    table = DEPLOY[DEPLOY.rindex("\n## Settings\n") :]
    listed = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    read: set[str] = set()
    # The commands that keep a book have variables of their own, told where they are.
    for path in [*(SOURCES / "web").rglob("*.py"), SOURCES / "cli" / "serve.py"]:
        read |= set(re.findall(r"\b(DETENTE_[A-Z_]+|DATABASE_URL)\b", path.read_text("utf-8")))
    assert read == listed - {"XDG_DATA_HOME"}


def test_the_numbers_in_the_text_are_those_of_the_program() -> None:
    server = (SOURCES / "web" / "server.py").read_text("utf-8")
    settings = (SOURCES / "web" / "settings.py").read_text("utf-8")
    desk = (SOURCES / "web" / "desk.py").read_text("utf-8")
    keeping = (SOURCES / "web" / "keeping.py").read_text("utf-8")
    assert "_GRACE: Final = 15\n" in server
    assert "at most 15 seconds" in DEPLOY
    assert '_number("DETENTE_CITATIONS", 100_000)' in settings
    assert "| `100000` |" in DEPLOY
    assert "_READINGS = 24\n" in desk
    assert "48 * 1024 * 1024" in keeping
    assert "24 latest readings and 48 MB" in DEPLOY


def test_the_unit_is_one_that_systemd_would_run(tmp_path: Path) -> None:
    unit = configparser.ConfigParser(strict=True, interpolation=None)
    unit.optionxform = str  # type: ignore[method-assign,assignment]
    unit.read_string(fence("systemd"))
    command = unit["Service"]["ExecStart"].split()
    assert command[1:4] == ["serve", "--host", "127.0.0.1"]
    assert "--workers" in command
    verify = shutil.which("systemd-analyze")
    if verify is None:
        return
    file = tmp_path / "detente.service"
    file.write_text(fence("systemd").replace("/opt/detente/bin/detente", sys.executable).replace("User=detente\n", ""))
    told = subprocess.run([verify, "verify", str(file)], capture_output=True, text=True, timeout=60, check=False)
    ours = [line for line in told.stderr.splitlines() if "detente.service" in line and "not found" not in line]
    assert [line for line in ours if "Unknown" in line or "Failed to parse" in line] == []


# --- nginx ------------------------------------------------------------------------------------------------------

WRAPPER = """\
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections 64; }}
http {{
    include {folder}/mime.types;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/detente.conf;
}}
"""


def nginx() -> str:
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/sbin")
    if found is None or shutil.which("openssl") is None:
        pytest.skip("nginx and openssl are not installed (apt install nginx-light openssl)")
    return found


def certificate(folder: Path) -> None:
    """Make a certificate that nobody but the test believes."""
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
               "-days", "2", "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}",
               "-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")]  # fmt: skip
    subprocess.run(command, capture_output=True, check=True, timeout=60)


class Proxied:
    """The documented nginx in front of a server."""

    def __init__(self, plain: int, secure: int, folder: Path) -> None:
        self.plain = plain
        self.secure = secure
        self.folder = folder

    def ask(self, address: str, method: str = "GET", body: str | None = None, **headers: str) -> Reply:
        """Return the answer over TLS; the certificate must be the one of the host."""
        trust = ssl.create_default_context(cafile=str(self.folder / "fullchain.pem"))
        trust.check_hostname = False
        connection = http.client.HTTPSConnection("127.0.0.1", self.secure, timeout=30, context=trust)
        return _answer(connection, address, method, body, headers)

    def ask_plainly(self, address: str) -> Reply:
        """Return the answer without TLS."""
        connection = http.client.HTTPConnection("127.0.0.1", self.plain, timeout=30)
        return _answer(connection, address, "GET", None, {})


def _answer(
    connection: http.client.HTTPConnection, address: str, method: str, body: str | None, headers: dict[str, str]
) -> Reply:
    try:
        sent = {"Host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, address, body=body, headers=sent)
        response = connection.getresponse()
        return Reply(response.status, {k.lower(): v for k, v in response.getheaders()}, response.read())
    finally:
        connection.close()


@contextmanager
def proxied(folder: Path, backend: int) -> Iterator[Proxied]:
    """Run nginx with the documented file, on other ports and with a certificate of its own."""
    program = nginx()
    certificate(folder)
    plain, secure = free_port(), free_port()
    text = fence("nginx")
    for documented, here in (
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{backend};"),
        ("listen 80;", f"listen 127.0.0.1:{plain};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{secure} ssl http2;"),
        (f"/etc/letsencrypt/live/{HOST}/", f"{folder}/"),
        ("/var/cache/nginx/detente", f"{folder}/pages"),
        ("/var/log/nginx/", f"{folder}/"),
    ):
        assert documented in text, documented
        text = text.replace(documented, here)
    (folder / "detente.conf").write_text(text, "utf-8")
    (folder / "mime.types").write_text("types { text/html html; }\n", "utf-8")
    user = "user root;" if os.getuid() == 0 else ""
    (folder / "nginx.conf").write_text(WRAPPER.format(folder=folder, user=user), "utf-8")
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, timeout=60, check=False)
    assert tested.returncode == 0, tested.stderr
    assert "warn" not in tested.stderr
    process = subprocess.Popen(command)
    try:
        found = Proxied(plain, secure, folder)
        until = time.monotonic() + 20
        while True:
            try:
                found.ask_plainly("/")
                break
            except OSError:
                assert time.monotonic() < until, (folder / "error.log").read_text("utf-8")
                time.sleep(0.05)
        yield found
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    nginx()
    folder = tmp_path_factory.mktemp("nginx")
    with (
        served(folder, DETENTE_HOSTS=HOST, DETENTE_PROXY="1", DETENTE_SECRET_KEY=KEY) as server,
        proxied(folder, server.port) as found,
    ):
        yield found


def test_plain_http_is_sent_to_tls(mirror: Proxied) -> None:
    sent = mirror.ask_plainly("/en/?on=2018-07-10")
    assert (sent.status, sent.headers["location"]) == (301, f"https://{HOST}/en/?on=2018-07-10")


def test_a_page_over_tls_with_the_headers_for_security(mirror: Proxied) -> None:
    page = mirror.ask("/en/?on=2018-07-10")
    assert page.status == 200
    assert "max-age=31536000" in page.headers["strict-transport-security"]
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["x-frame-options"] == "DENY"
    assert "set-cookie" not in page.headers
    assert mirror.ask("/static/detente/style.css").status == 200


def test_nginx_keeps_what_states_its_day_and_nothing_else(mirror: Proxied) -> None:
    address = "/api/stamp?on=2017-01-01"
    assert [mirror.ask(address).headers["x-cache"] for _ in range(2)] == ["MISS", "HIT"]
    assert [mirror.ask("/api/stamp").headers["x-cache"] for _ in range(2)] == ["MISS", "MISS"]
    tag = mirror.ask(address).headers["etag"]
    assert mirror.ask(address, If_None_Match=tag).status == 304


def test_packed_and_plain_are_kept_apart(mirror: Proxied) -> None:
    plain = mirror.ask("/api/due?on=2017-01-02")
    packed = mirror.ask("/api/due?on=2017-01-02", Accept_Encoding="gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in mirror.ask("/api/due?on=2017-01-02").headers


def test_a_citation_is_kept_through_the_proxy_under_its_own_name(mirror: Proxied) -> None:
    body = "address=/en/%3Fon%3D2018-07-10"
    kept = mirror.ask("/cite/", "POST", body, Origin=f"https://{HOST}")
    assert kept.status == 303
    data = mirror.ask(kept.headers["location"].rstrip("/") + ".json")
    assert f'"permanent": "https://{HOST}{kept.headers["location"]}"' in data.text
    assert mirror.ask("/cite/", "POST", body, Origin="https://elsewhere.example").status == 403
    assert mirror.ask("/cite/", "POST", "address=" + "x" * 100_000).status == 413


def test_another_name_for_the_host_is_refused(mirror: Proxied) -> None:
    assert mirror.ask("/en/?on=2018-07-10", X_Forwarded_Host="elsewhere.example").status == 200
    assert mirror.ask("/en/?on=2018-07-11", Host="elsewhere.example").status == 400


def test_the_log_tells_nothing_of_readers(mirror: Proxied) -> None:
    mirror.ask("/en/parties/?on=2018-07-10&according_to=RUS")
    time.sleep(0.2)
    log = (mirror.folder / "detente.log").read_text("utf-8")
    assert " GET /en/parties/ 200 " in log
    assert "127.0.0.1" not in log
    assert "according_to" not in log


def test_a_long_address_is_answered_by_the_proxy(mirror: Proxied) -> None:
    assert mirror.ask("/en/?on=2018-07-10&text=" + "x" * 20_000).status == 414


def test_a_read_only_mirror_keeps_nothing_and_asks_robots_to_stay_away(tmp_path: Path) -> None:
    with served(tmp_path, DETENTE_READ_ONLY="1") as found:
        assert found.ask("/robots.txt").text == "User-agent: *\nDisallow: /\n"
        assert found.ask("/cite/", "POST", "address=/en/%3Fon%3D2018-07-10").status == 403
        page = found.ask("/en/?on=2018-07-10")
        assert page.headers["cache-control"] == "public, max-age=300"
        today = found.ask("/en/")
        assert today.status == 302
        assert "cache-control" not in today.headers
        assert not (tmp_path / "data").exists()


def test_robots_that_are_let_in_are_kept_from_what_has_no_end(tmp_path: Path) -> None:
    with served(tmp_path, DETENTE_READ_ONLY="1", DETENTE_ROBOTS="1") as found:
        told = found.ask("/robots.txt").text
    assert "Disallow: /\n" not in told
    for endless in ("/api/", "known_by=", "between=", "/*.json"):
        assert endless in told
