"""Behind a real nginx: the snippet of deploy/, a Unix socket, IPv6, a prefix, two proxies in a row, RFC 7239."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.paths import ROOT
from tests.small_graph import Server, wait_until
from trialgraph.release.open import Release

NGINX = shutil.which("nginx") or shutil.which("/usr/sbin/nginx") or ""
OPENSSL = shutil.which("openssl") or ""
# Under CI=true what is missing is an error, not a skip.
pytestmark = pytest.mark.skipif(
    not (NGINX and OPENSSL) and not os.environ.get("CI"), reason="nginx and openssl are not installed here"
)

OTHERS = """
proxy_http_version 1.1;
server {  # two proxies in a row: the outer one has TLS, the inner one a prefix
    listen 127.0.0.1:%(outer)d;
    location / {
        proxy_pass http://127.0.0.1:%(inner)d;
        proxy_set_header Host graph.example:8443;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto https;
    }
}
server {
    listen 127.0.0.1:%(inner)d;
    location /graph/ {
        proxy_pass http://trialgraph/;
        proxy_set_header Host $http_host;
        proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
        proxy_set_header X-Forwarded-Proto "$http_x_forwarded_proto, $scheme";
        proxy_set_header X-Forwarded-Prefix /graph;
    }
}
server {  # RFC 7239, to IPv6
    listen 127.0.0.1:%(standard)d;
    location / {
        proxy_pass http://[::1]:%(ipv6)d;
        proxy_set_header Forwarded '$http_forwarded, for="[2001:db8::9]:4711";proto=https;host="graph.example"';
    }
}
"""


@dataclass
class Behind:
    """Ports of nginx, and of the server on the Unix socket its access log and path."""

    tls: int
    outer: int
    standard: int
    log: Path
    path: Path

    def ask(
        self, port: int, path: str, headers: dict[str, str] | None = None, address: str = "127.0.0.1"
    ) -> tuple[http.client.HTTPResponse, str]:
        """An answer, with the text of its body."""
        if port == self.tls:
            trusting = ssl.create_default_context()
            trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                "127.0.0.1", port, timeout=30, source_address=(address, 0), context=trusting
            )
        else:
            connection = http.client.HTTPConnection(
                "127.0.0.1", port, timeout=30, source_address=(address, 0)
            )
        with contextlib.closing(connection):
            connection.request("GET", path, headers=headers or {})
            reply = connection.getresponse()
            return reply, reply.read().decode()

    def client_was(self, client: str, route: str) -> None:
        """The server logs that the latest request for a route came from this client."""

        def latest() -> str:
            logged = [json.loads(line) for line in self.log.read_text().splitlines()]
            return next((line["client"] for line in reversed(logged) if line.get("route") == route), "")

        wait_until(lambda: latest() == client)


def free_ports(number: int) -> list[int]:
    with contextlib.ExitStack() as stack:
        return [
            stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1]
            for _ in range(number)
        ]


@pytest.fixture(scope="module")
def behind(
    tmp_path_factory: pytest.TempPathFactory, small_release: Release, small_queries: Path
) -> Iterator[Behind]:
    folder = tmp_path_factory.mktemp("nginx")
    path, log = folder / "http.sock", folder / "access.log"
    plain, tls, outer, inner, standard = free_ports(5)
    unix = {
        "TRIALGRAPH_TRUSTED_PROXY": "unix 127.0.0.1",
        "TRIALGRAPH_PROXY_HEADERS": "x-forwarded-prefix",
        "TRIALGRAPH_ACCESS_LOG": str(log),
        "TRIALGRAPH_LOG_CLIENT": "whole",
        "TRIALGRAPH_WORKERS": "1",
    }
    ipv6 = {
        "TRIALGRAPH_TRUSTED_PROXY": "::1",
        "TRIALGRAPH_PROXY_HEADERS": "forwarded",
        "TRIALGRAPH_WORKERS": "1",
    }
    with contextlib.ExitStack() as stack:
        first = stack.enter_context(Server(small_release.path, small_queries, unix, host=f"unix:{path}"))
        assert first.url == f"unix:{path}"
        second = stack.enter_context(Server(small_release.path, small_queries, ipv6, host="[::1]"))
        made = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=graph.example"
        files = ["-keyout", str(folder / "key"), "-out", str(folder / "pem")]
        subprocess.run([OPENSSL, *made.split(), *files], check=True, capture_output=True)
        text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
        for there, here in (
            ("server 127.0.0.1:8000;", f"server unix:{path};"),
            ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("listen 443 ssl;", f"listen 127.0.0.1:{tls} ssl;"),
            ("    listen [::]:80;\n", ""),
            ("    listen [::]:443 ssl;\n", ""),
            ("/etc/ssl/trialgraph.pem", str(folder / "pem")),
            ("/etc/ssl/trialgraph.key", str(folder / "key")),
            ("/var/cache/nginx/trialgraph", str(folder / "cache")),
        ):
            assert text.count(there) == 1, there
            text = text.replace(there, here)
        ports = {"outer": outer, "inner": inner, "standard": standard}
        text += OTHERS % (ports | {"ipv6": second.connect().port})
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in kinds)
        conf = folder / "nginx.conf"
        # As root its own processes are nobody's, who may not enter the folder of the tests.
        user = "user root;\n" if os.geteuid() == 0 else ""
        conf.write_text(
            f"{user}daemon off;\npid {folder}/pid;\nerror_log {folder}/errors warn;\nworker_processes 1;\n"
            f"events {{}}\nhttp {{\naccess_log off;\n{temporary}{text}}}\n"
        )
        tested = subprocess.run([NGINX, "-t", "-c", str(conf)], capture_output=True, text=True, check=False)
        assert tested.returncode == 0, tested.stderr
        process = subprocess.Popen([NGINX, "-c", str(conf)], stderr=subprocess.DEVNULL)
        stack.callback(process.wait)
        stack.callback(process.terminate)

        def listens() -> bool:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", tls)):
                return True
            return False

        wait_until(listens)
        yield Behind(tls, outer, standard, log, path)


def test_the_snippet_passes_the_client_on_and_nothing_that_it_forwards_itself(behind: Behind) -> None:
    spoofed = {
        "Accept": "text/turtle",
        "Host": "graph.example",
        "X-Forwarded-For": "6.6.6.6",
        "X-Forwarded-Proto": "http, http",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Port": "1, 2",
        "X-Forwarded-Prefix": "/evil",
        "Forwarded": "for=6.6.6.6;host=evil.example",
    }
    reply, body = behind.ask(behind.tls, "/sparql", spoofed, "127.0.0.7")
    assert reply.status == 200
    assert "<https://graph.example/sparql>" in body
    assert "evil" not in body
    behind.client_was("127.0.0.7", "/sparql")


def test_the_snippet_keeps_answers_and_passes_long_addresses_and_hides_the_figures(behind: Behind) -> None:
    page = "/queries/largest-trials.csv?least=50"
    asked = [behind.ask(behind.tls, page) for _ in range(2)]
    assert [reply.getheader("X-Cache-Status") for reply, _ in asked] == ["MISS", "HIT"]
    assert asked[0][1] == asked[1][1]
    other = behind.ask(behind.tls, page, {"Accept-Encoding": "gzip"})[0]
    assert other.status == 200
    long, _ = behind.ask(behind.tls, f"/sparql?query=ASK%7B%7D%23{'x' * 100_000}")
    assert (long.status, long.getheader("X-Cache-Status")) == (200, None), "longer than a key of its cache"
    assert behind.ask(behind.tls, "/metrics", address="127.0.0.7")[0].status == 403
    assert behind.ask(behind.tls, "/health")[0].status == 200


def test_the_snippet_keeps_an_answer_that_is_asked_for_again_and_no_stream(behind: Behind) -> None:
    rows = "SELECT+*+%7B+%3Fs+%3Fp+%3Fo+.+%3Fa+%3Fb+%3Fc+%7D+LIMIT+"
    for limit, last in ((3, "HIT"), (9_000, "MISS")):
        asked = [behind.ask(behind.tls, f"/sparql?query={rows}{limit}&format=csv") for _ in range(4)]
        assert [reply.status for reply, _ in asked] == [200] * 4
        assert [reply.getheader("X-Cache-Status") for reply, _ in asked][0:4:3] == ["MISS", last]
        assert len({body for _, body in asked}) == 1
        tsv = behind.ask(behind.tls, f"/sparql?query={rows}{limit}", {"Accept": "text/tab-separated-values"})
        assert tsv[0].getheader("Content-Type", "").startswith("text/tab-separated-values")


def test_a_client_that_leaves_nginx_frees_its_worker(behind: Behind) -> None:
    """The only one: the next request is answered while the query of the one that left could still run for long."""
    product = "SELECT+(COUNT(*)+AS+?n)+%7B+?a+?b+?c+.+?d+?e+?f+.+?g+?h+?i+.+?j+?k+?l+%7D"
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    leaving = http.client.HTTPSConnection("127.0.0.1", behind.tls, context=trusting, timeout=30)
    leaving.request("GET", f"/sparql?query={product}")
    leaving.close()
    reply, _ = behind.ask(behind.tls, "/sparql?query=ASK%7B%7D%23after", address="127.0.0.9")
    assert reply.status == 200


def test_two_proxies_one_of_them_with_a_prefix(behind: Behind) -> None:
    said = {"Accept": "text/turtle", "X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "gopher"}
    reply, body = behind.ask(behind.outer, "/graph/sparql", said, "127.0.0.8")
    assert reply.status == 200
    assert "<https://graph.example:8443/graph/sparql>" in body
    behind.client_was("127.0.0.8", "/sparql")
    page = behind.ask(behind.outer, "/graph/", {"Accept": "text/html"})[1]
    assert 'href="/graph/sparql"' in page


def test_forwarded_over_ipv6_to_the_last_element(behind: Behind) -> None:
    said = {"Accept": "text/turtle", "Forwarded": 'for=6.6.6.6;host="evil.example, x"'}
    reply, body = behind.ask(behind.standard, "/sparql", said)
    assert reply.status == 200
    assert "<https://graph.example/sparql>" in body
    assert "evil" not in body


def test_over_a_unix_socket_a_request_without_a_host_gets_urls_all_the_same(behind: Behind) -> None:
    with socket.socket(socket.AF_UNIX) as connection, connection.makefile("rb") as answer:
        connection.connect(str(behind.path))
        connection.sendall(b"GET /sparql HTTP/1.0\r\nAccept: text/turtle\r\n\r\n")
        assert b"<http://waitress.invalid/sparql>" in answer.read()
