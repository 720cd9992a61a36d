"""Downloading public sources, against a real HTTP server on this machine that behaves as badly as the web does."""

from __future__ import annotations

import gzip
import hashlib
import json
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
import trustme
from filelock import FileLock

from qa.cli import main
from qa.errors import SettingsError, UsageError
from qa.fetch.addresses import PublicTransport
from qa.fetch.fetcher import Fetcher
from qa.fetch.ledger import FetchedMetadata, fetched_metadata
from qa.fetch.manners import Manners
from qa.fetch.sources import PublicSource
from qa.ingest import read_corpus

PAGE = "<!doctype html><title>Plan</title><p>Le plan automobile relève le bonus écologique à 7 000 euros.</p>".encode()
LONG = PAGE + b"<p>" + bytes(range(32, 127)) * 3000
HTML = {"Content-Type": "text/html; charset=utf-8"}
RESUMABLE = {**HTML, "ETag": '"v1"', "Accept-Ranges": "bytes"}


@dataclass
class Answer:
    """What the server sends: of ``body`` only the first ``cut`` bytes, or nothing at all if it ``hangs``."""

    status: int = 200
    body: bytes = PAGE
    headers: dict[str, str] = field(default_factory=lambda: HTML)
    cut: int | None = None
    hangs: bool = False
    says_length: bool = True


class Site(ThreadingHTTPServer):
    """Gives each path its answers in turn, the last for ever; an unknown path is a 404. Remembers what was asked."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers: dict[str, list[Answer]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.over = threading.Event()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_address[1]}{path}"

    def paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def headers(self, number: int = -1) -> dict[str, str]:
        return [headers for path, headers in self.asked if path != "/robots.txt"][number]

    def handle_error(self, request, client_address):
        """The client has gone away in the middle, as it may."""


class Handler(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self):
        self.server.asked.append((self.path, dict(self.headers)))
        answers = self.server.answers.get(self.path, [Answer(404, b"")])
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if answer.hangs:
            self.server.over.wait()
            return
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.says_length:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body[: answer.cut])

    def log_message(self, *_):
        pass


@pytest.fixture(autouse=True)
def _nothing_leaves_this_machine(monkeypatch):
    connect = socket.socket.connect

    def only_here(self, address):
        assert address[0] in ("127.0.0.1", "::1"), address
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", only_here)


@pytest.fixture
def site():
    with Site() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.over.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def naps() -> list[float]:
    """The waits that were asked for; none is slept."""
    return []


@pytest.fixture
def fetch(tmp_path, naps):
    def run(*sources: PublicSource, sleep: Callable[[float], None] = naps.append, **manners):
        quick = {"interval": 0.0, "backoff": 0.0, "connect_timeout": 5.0, "read_timeout": 5.0, "allow_loopback": True}
        return Fetcher(tmp_path, manners=Manners(**(quick | manners)), sleep=sleep).fetch(sources)

    return run


@pytest.fixture
def one(site, fetch):
    """Fetch ``/plan`` as S001 and return its result."""

    def run(**manners):
        return fetch(source(site.url("/plan")), **manners).results[0]

    return run


def source(url: str, key: str = "S001", **fields: str) -> PublicSource:
    about = {"title": "Le plan", "publisher": "P", "language": "fr", "kind": "plan", "date": "2012-07-25"} | fields
    return PublicSource(key=key, url=url, **about)


def left_over(folder) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if ".part" in path.name or path.name.endswith(".new"))


# What is kept


def test_a_page_is_kept_with_its_address_date_and_checksum(site, fetch, tmp_path):
    site.answers["/plan"] = [Answer(headers={**HTML, "ETag": '"v1"', "Last-Modified": "Wed, 25 Jul 2012 10:00:00 GMT"})]
    report = fetch(source(site.url("/plan"), title="Le plan : mise en œuvre de l'État"))
    assert report.sources == {"fetched": 1, "unchanged": 0, "recent": 0, "failed": 0}
    name = "S001-le-plan-mise-en-oeuvre-de-l-etat.html"
    assert report.results[0].file == name
    assert (tmp_path / name).read_bytes() == PAGE
    (entry,) = json.loads((tmp_path / "fetched.json").read_text("utf-8"))["files"]
    assert entry["source"]["url"] == entry["final_url"] == site.url("/plan")
    assert (entry["file"], entry["sha256"]) == (name, hashlib.sha256(PAGE).hexdigest())
    assert (entry["content_type"], entry["etag"]) == (HTML["Content-Type"], '"v1"')
    assert entry["last_modified"] == "Wed, 25 Jul 2012 10:00:00 GMT"
    assert datetime.now(UTC) - datetime.fromisoformat(entry["retrieved"]) < timedelta(hours=1)
    assert site.headers()["User-Agent"].startswith("policy-qa/")
    assert left_over(tmp_path) == []


def test_index_reads_what_was_fetched_and_nothing_beside_it(site, fetch, tmp_path):
    site.answers["/plan"] = [Answer(body="Le plan relève le bonus.".encode(), headers={"Content-Type": "text/plain"})]
    fetch(source(site.url("/plan")))
    corpus = read_corpus(tmp_path)
    assert ([document.id for document in corpus.documents], corpus.failures) == (["S001-le-plan.txt"], ())
    document = corpus.documents[0]
    assert (document.title, document.kind, document.date, document.publisher) == ("Le plan", "plan", "2012-07-25", "P")
    assert document.url == site.url("/plan")


def test_what_the_list_says_of_a_file_is_there_for_index(site, fetch, tmp_path):
    site.answers["/plan"] = [Answer()]
    dated, undated = source(site.url("/plan")), source(site.url("/plan"), "S002", language="fr/en", date="n.d.")
    results = fetch(dated, undated).results
    assert fetched_metadata(tmp_path / results[0].file) == FetchedMetadata(
        title="Le plan", kind="plan", language="fr", date="2012-07-25", publisher="P", url=site.url("/plan")
    )
    known = fetched_metadata(tmp_path / results[1].file)
    assert (known.language, known.date) == (None, None)
    assert fetched_metadata(tmp_path / "mine.txt") is None


@pytest.mark.parametrize(
    ("content_type", "body", "suffix"),
    [
        ("application/pdf", b"%PDF-1.7\n\0", ".pdf"),
        ("text/html", b"%PDF-1.7\n\0", ".pdf"),
        ("application/octet-stream", b"%PDF-1.7\n\0", ".pdf"),
        ("", PAGE, ".html"),
        ("TEXT/PLAIN; charset=latin-1", b"Texte", ".txt"),
        ("application/vnd.oasis.opendocument.text", b"PK\3\4\0", ".odt"),
    ],
)
def test_the_suffix_says_what_the_file_is(site, one, content_type, body, suffix):
    site.answers["/plan"] = [Answer(body=body, headers={"Content-Type": content_type} if content_type else {})]
    assert one().file == f"S001-le-plan{suffix}"


@pytest.mark.parametrize(
    ("content_type", "body", "says"),
    [
        ("image/png", b"\x89PNG", "it is image/png, which `index` does not read"),
        ("application/pdf", PAGE, "its content is something else"),
        ("text/html", b"\x00\x01\x02", "its content is something else"),
        ("application/vnd.oasis.opendocument.text", PAGE, "its content is something else"),
        ("application/octet-stream", b"\x00\x01", "says that it is application/octet-stream"),
        ("", b"\x00\x01", "nothing in particular"),
        ("text/html", b"", "empty"),
    ],
)
def test_what_is_not_what_it_says_is_refused(site, one, tmp_path, content_type, body, says):
    site.answers["/plan"] = [Answer(body=body, headers={"Content-Type": content_type})]
    result = one()
    assert result.outcome == "failed"
    assert says in result.reason
    assert [path for path in tmp_path.iterdir() if not path.name.startswith(".")] == []


# What goes wrong


def test_a_bad_address_never_stops_the_rest(site, fetch):
    site.answers["/plan"] = [Answer()]
    bad = ["http://nowhere.invalid/", "ftp://127.0.0.1/plan", "http://127.0.0.1:99999/", site.url("/none")]
    sources = [source(url, f"S00{number}") for number, url in enumerate(bad)]
    report = fetch(*sources, source(site.url("/plan"), "S009"))
    assert [result.outcome for result in report.results] == ["failed"] * 4 + ["fetched"]
    assert [failure.url for failure in report.failures] == bad
    assert "404 Not Found" in report.failures[-1].reason


def test_an_answer_that_a_library_cannot_read_never_stops_the_rest(site, fetch, monkeypatch):
    def cannot(*_):
        raise ValueError("year 10000 is out of range")

    site.answers |= {"/a": [Answer()], "/b": [Answer(404)]}
    monkeypatch.setattr("qa.fetch.fetcher.suffix_for", cannot)
    report = fetch(source(site.url("/a")), source(site.url("/b"), "S002"))
    assert [failure.reason for failure in report.failures] == [
        "the answer cannot be used: year 10000 is out of range",
        "the server answers 404 Not Found",
    ]


@pytest.mark.parametrize("status", [403, 404, 410])
def test_a_refusal_is_not_tried_again(site, one, status):
    site.answers["/plan"] = [Answer(status), Answer()]
    assert str(status) in one().reason
    assert site.paths() == ["/plan"]


def test_silence_is_tried_again_and_then_named(site, one):
    site.answers["/plan"] = [Answer(hangs=True)]
    assert "silent for 0.2 s" in one(read_timeout=0.2, attempts=2).reason
    assert site.paths() == ["/plan"] * 2


def test_a_download_that_drips_is_ended(site, one, monkeypatch):
    site.answers["/plan"] = [Answer(body=LONG)]
    assert "still coming" in one(total_timeout=-1.0, attempts=1).reason


def test_500_then_200_is_fetched_after_growing_waits(site, one, naps):
    site.answers["/plan"] = [Answer(500), Answer(503), Answer()]
    assert one(backoff=40.0).outcome == "fetched"
    assert [round(nap, -1) for nap in naps] == [40, 80]


def test_500_for_ever_fails(site, one):
    site.answers["/plan"] = [Answer(500)]
    assert "500 Internal Server Error" in one(attempts=3).reason
    assert site.paths() == ["/plan"] * 3


@pytest.mark.parametrize("dated", [False, True])
def test_429_is_waited_for_as_long_as_it_says(site, one, naps, dated):
    then = datetime.now(UTC) + timedelta(seconds=70)
    says = format_datetime(then, usegmt=True) if dated else "70"
    site.answers["/plan"] = [Answer(429, headers={"Retry-After": says}), Answer()]
    assert one().outcome == "fetched"
    assert [round(nap, -1) for nap in naps] == [70]


def test_a_host_that_asks_for_too_much_patience_is_left_alone(site, fetch, naps):
    site.answers["/plan"] = [Answer(429, headers={"Retry-After": "9000"}), Answer()]
    report = fetch(source(site.url("/plan")), source(site.url("/other"), "S002"))
    assert all("left alone" in failure.reason for failure in report.failures)
    assert len(report.failures) == 2
    assert (site.paths(), naps) == (["/plan"], [])


# Redirects and addresses


def redirect(to: str, status: int = 302) -> list[Answer]:
    return [Answer(status, headers={"Location": to})]


def test_redirects_are_followed_and_the_last_address_kept(site, fetch, tmp_path):
    site.answers |= {"/plan": redirect("/b", 301), "/b": redirect(site.url("/c")), "/c": [Answer()]}
    assert fetch(source(site.url("/plan"))).results[0].outcome == "fetched"
    (entry,) = json.loads((tmp_path / "fetched.json").read_text("utf-8"))["files"]
    assert (entry["source"]["url"], entry["final_url"]) == (site.url("/plan"), site.url("/c"))


def test_a_redirect_in_a_loop_ends(site, one):
    site.answers |= {"/plan": redirect("/b"), "/b": redirect("/plan")}
    assert "redirects more than 5 times" in one().reason
    assert len(site.paths()) == 6


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("http://10.0.0.1/secret", "10.0.0.1, which is not a public address"),
        ("http://169.254.169.254/latest/meta-data/", "not a public address"),
        ("http://[::ffff:192.168.1.1]/", "not a public address"),
        ("http://167772161/", "10.0.0.1, which is not a public"),
        ("file:///etc/passwd", "http:// or https://"),
        ("mailto:a@example.org", "not an address"),
        ("", "without saying where to"),
    ],
)
def test_a_redirect_to_anywhere_but_a_public_web_address_is_not_followed(site, one, to, says):
    site.answers["/plan"] = redirect(to)
    result = one()
    assert result.outcome == "failed"
    assert says in result.reason


def test_this_machine_is_out_of_bounds_unless_a_test_says_so(site, one):
    site.answers["/plan"] = [Answer()]
    assert "127.0.0.1, which is not a public address" in one(allow_loopback=False).reason
    assert site.asked == []


def test_the_address_that_was_checked_is_the_one_that_is_asked(site, fetch, monkeypatch):
    """A name that leads elsewhere at the second look-up (DNS rebinding) is looked up once."""
    look_up, asked = socket.getaddrinfo, []

    def rebinding(host, *rest, **options):
        if host != "rebinding.example":
            return look_up(host, *rest, **options)
        asked.append(host)
        return look_up("127.0.0.1" if len(asked) % 2 else "10.0.0.1", *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    site.answers["/robots.txt"] = [Answer(hangs=True)]
    report = fetch(source(site.url("/plan", "rebinding.example.")), attempts=1, read_timeout=0.2)
    assert report.failures
    assert asked == ["rebinding.example"]
    assert site.asked[0][1]["Host"] == site.url("", "rebinding.example").removeprefix("http://")


@pytest.fixture
def secure(site):
    """Makes the site one that speaks TLS; gives the authority that vouches for its certificate, for localhost."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    site.socket = context.wrap_socket(site.socket, server_side=True)
    return authority


def test_a_certificate_is_checked_against_the_name_and_not_the_address(site, secure):
    site.answers["/plan"] = [Answer()]
    trusting = ssl.create_default_context()
    secure.configure_trust(trusting)
    with httpx.Client(transport=PublicTransport(allow_loopback=True, verify=trusting)) as client:
        assert client.get(site.url("/plan", "localhost").replace("http:", "https:")).content == PAGE
        with pytest.raises(httpx.ConnectError, match="certificate verify failed"):
            client.get(site.url("/plan").replace("http:", "https:"))


def test_a_site_without_a_valid_certificate_is_asked_once_and_named(site, secure, fetch, naps):
    report = fetch(source(site.url("/plan", "localhost").replace("http:", "https:")), backoff=50.0)
    assert "the certificate of localhost is not valid" in report.failures[0].reason
    assert naps == []


# Politeness


def test_a_host_is_asked_after_an_interval_and_its_robots_once(site, fetch, naps):
    site.answers |= {"/a": [Answer()], "/b": [Answer()]}
    fetch(source(site.url("/a")), source(site.url("/b"), "S002"), interval=100.0)
    assert [path for path, _ in site.asked] == ["/robots.txt", "/a", "/b"]
    assert [round(nap, -1) for nap in naps] == [100, 100]


def test_another_host_is_not_waited_for(site, fetch, naps):
    site.answers["/a"] = [Answer()]
    report = fetch(source(site.url("/a")), source(site.url("/a", "localhost"), "S002"), interval=100.0)
    assert report.sources["fetched"] == 2
    assert len(naps) == 2  # each host's page after its own robots.txt


@pytest.mark.parametrize(("delay", "nap"), [("50", 50), ("9999", 60)])
def test_a_crawl_delay_is_respected_within_bounds(site, one, naps, delay, nap):
    site.answers |= {"/robots.txt": [Answer(body=f"User-agent: *\nCrawl-delay: {delay}".encode())], "/plan": [Answer()]}
    assert one(max_crawl_delay=60.0).outcome == "fetched"
    assert [round(seconds, -1) for seconds in naps] == [nap]


@pytest.mark.parametrize("agent", ["*", "policy-qa"])
def test_what_robots_forbid_is_not_asked(site, fetch, agent):
    rules = f"User-agent: {agent}\nDisallow: /private/\n"
    site.answers |= {"/robots.txt": [Answer(body=rules.encode())], "/plan": [Answer()], "/private/plan": [Answer()]}
    report = fetch(source(site.url("/private/plan")), source(site.url("/plan"), "S002"))
    assert [result.outcome for result in report.results] == ["failed", "fetched"]
    assert "robots.txt forbids it" in report.failures[0].reason
    assert site.paths() == ["/plan"]


def test_a_redirect_does_not_lead_past_robots(site, one):
    site.answers |= {"/robots.txt": [Answer(body=b"User-agent: *\nDisallow: /b")], "/plan": redirect("/b")}
    assert "forbids" in one().reason
    assert site.paths() == ["/plan"]


@pytest.mark.parametrize("answer", [Answer(503), Answer(hangs=True)])
def test_a_site_whose_robots_cannot_be_had_is_not_asked_now(site, fetch, answer):
    site.answers["/robots.txt"] = [answer]
    report = fetch(
        source(site.url("/plan")), source(site.url("/b"), "S002"), attempts=2, read_timeout=0.2, max_wait=9999.0
    )
    assert all("robots.txt cannot be had" in failure.reason for failure in report.failures)
    assert (len(report.failures), [path for path, _ in site.asked]) == (2, ["/robots.txt"] * 2)


# Size, truncation, resuming


@pytest.mark.parametrize("says_length", [True, False])
def test_a_body_over_the_limit_is_refused(site, one, tmp_path, says_length):
    site.answers["/plan"] = [Answer(body=LONG, headers=RESUMABLE, says_length=says_length)]
    assert "larger than 0.1 MB" in one(max_bytes=100_000).reason
    assert site.paths() == ["/plan"]
    assert left_over(tmp_path) == []


def test_a_truncated_body_is_asked_for_again(site, one, tmp_path):
    site.answers["/plan"] = [Answer(body=LONG, cut=1000), Answer(body=LONG)]
    result = one()
    assert (tmp_path / result.file).read_bytes() == LONG
    assert "Range" not in site.headers()


def test_a_body_that_is_always_truncated_fails(site, one, tmp_path):
    site.answers["/plan"] = [Answer(body=LONG, cut=1000)]
    assert "without sending complete message body" in one(attempts=2).reason
    assert [path for path in tmp_path.iterdir() if path.name != ".fetched.lock"] == []


def rest(start: int, **headers: str) -> Answer:
    of = {"Content-Range": f"bytes {start}-{len(LONG) - 1}/{len(LONG)}"}
    return Answer(206, LONG[start:], {**RESUMABLE, **of, **headers})


def test_a_truncated_body_is_resumed_where_the_server_can(site, one, tmp_path):
    site.answers["/plan"] = [Answer(body=LONG, headers=RESUMABLE, cut=1000), rest(1000)]
    result = one()
    assert (tmp_path / result.file).read_bytes() == LONG
    assert (site.headers()["Range"], site.headers()["If-Range"]) == ("bytes=1000-", '"v1"')
    assert left_over(tmp_path) == []


def test_the_next_run_resumes_what_this_one_left(site, one, tmp_path):
    site.answers["/plan"] = [Answer(body=LONG, headers=RESUMABLE, cut=1000), rest(1000)]
    assert one(attempts=1).outcome == "failed"
    assert left_over(tmp_path) == [".S001.part", ".S001.part.json"]
    assert read_corpus(tmp_path).failures == ()
    assert (tmp_path / one(attempts=1).file).read_bytes() == LONG
    assert site.headers()["Range"] == "bytes=1000-"


@pytest.mark.parametrize(
    "misfit", [rest(900), Answer(206, LONG[1000:][::-1], rest(1000, ETag='"v2"').headers), Answer(416, b"")]
)
def test_parts_that_do_not_fit_are_never_joined(site, one, tmp_path, misfit):
    site.answers["/plan"] = [Answer(body=LONG, headers=RESUMABLE, cut=1000), misfit, Answer(body=LONG)]
    assert (tmp_path / one(attempts=4).file).read_bytes() == LONG
    assert "Range" not in site.headers()
    assert left_over(tmp_path) == []


def test_what_has_changed_since_it_broke_off_comes_whole(site, one, tmp_path):
    changed = Answer(body=LONG[::-1], headers=RESUMABLE | {"ETag": '"v2"', "Content-Type": "text/plain"})
    site.answers["/plan"] = [Answer(body=LONG, headers=RESUMABLE, cut=1000), changed]
    assert (tmp_path / one().file).read_bytes() == LONG[::-1]


def test_a_weak_stamp_does_not_vouch_for_bytes(site, one):
    weak = RESUMABLE | {"ETag": 'W/"v1"'}
    site.answers["/plan"] = [Answer(body=LONG, headers=weak, cut=1000), Answer(body=LONG, headers=weak)]
    assert one().outcome == "fetched"
    assert "Range" not in site.headers()


def test_what_comes_packed_though_it_was_not_asked_for(site, fetch, tmp_path):
    site.answers |= {
        "/gzip": [Answer(body=gzip.compress(PAGE), headers={**RESUMABLE, "Content-Encoding": "gzip"})],
        "/bomb": [Answer(body=gzip.compress(bytes(3_000_000)), headers={**HTML, "Content-Encoding": "gzip"})],
        "/br": [Answer(headers={**HTML, "Content-Encoding": "br"})],
    }
    sources = [source(site.url(path), key) for key, path in (("S001", "/gzip"), ("S002", "/bomb"), ("S003", "/br"))]
    report = fetch(*sources, max_bytes=1_000_000)
    assert (tmp_path / report.results[0].file).read_bytes() == PAGE
    assert "larger than 1 MB" in report.results[1].reason
    assert "packed as 'br'" in report.results[2].reason
    assert site.headers()["Accept-Encoding"] == "identity"


# Later runs


def test_a_later_run_asks_whether_it_has_changed(site, one, tmp_path):
    stamps = {"ETag": '"v1"', "Last-Modified": "Wed, 25 Jul 2012 10:00:00 GMT"}
    site.answers["/plan"] = [Answer(headers=HTML | stamps), Answer(304, b"", {}), Answer(body=LONG, headers=HTML)]
    first = one()
    second = one(fresh=-1.0)
    assert (second.outcome, second.file) == ("unchanged", first.file)
    assert site.headers()["If-None-Match"] == '"v1"'
    assert site.headers()["If-Modified-Since"] == "Wed, 25 Jul 2012 10:00:00 GMT"
    assert (tmp_path / first.file).read_bytes() == PAGE
    assert one(fresh=-1.0).outcome == "fetched"
    assert (tmp_path / first.file).read_bytes() == LONG


def test_the_same_bytes_again_are_unchanged(site, one):
    site.answers["/plan"] = [Answer()]
    assert [one().outcome, one(fresh=-1.0).outcome] == ["fetched", "unchanged"]


def test_a_stamp_that_cannot_be_sent_back_is_not(site, one):
    site.answers["/plan"] = [Answer(headers=HTML | {"ETag": '"é"'})]
    assert [one().outcome, one(fresh=-1.0).outcome] == ["fetched", "unchanged"]


def test_a_stamp_is_only_shown_where_it_came_from(site, one):
    site.answers |= {"/plan": redirect("/b"), "/b": [Answer(headers=HTML | {"ETag": '"v1"'})]}
    one()
    one(fresh=-1.0)
    assert ["If-None-Match" in site.headers(number) for number in range(4)] == [False, False, False, True]


def test_a_source_whose_address_has_changed_is_fetched_anew(site, fetch):
    site.answers |= {"/a": [Answer(headers=HTML | {"ETag": '"v1"'})], "/b": [Answer(body=LONG)]}
    outcomes = [fetch(source(site.url(path))).results[0].outcome for path in ("/a", "/b")]
    assert outcomes == ["fetched", "fetched"]
    assert "If-None-Match" not in site.headers()


def test_what_was_just_fetched_is_not_asked_for(site, one):
    site.answers["/plan"] = [Answer()]
    assert [one().outcome, one().outcome] == ["fetched", "recent"]
    assert site.paths() == ["/plan"]


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(b"damaged")])
def test_a_missing_or_damaged_file_is_fetched_anew(site, one, tmp_path, harm):
    site.answers["/plan"] = [Answer(headers=HTML | {"ETag": '"v1"'})]
    path = tmp_path / one().file
    harm(path)
    assert one().outcome == "fetched"
    assert path.read_bytes() == PAGE
    assert "If-None-Match" not in site.headers()


def test_a_source_that_becomes_another_format_leaves_one_file(site, one, tmp_path):
    site.answers["/plan"] = [Answer(), Answer(body=b"%PDF-1.7", headers={"Content-Type": "application/pdf"})]
    one()
    one(fresh=-1.0)
    assert [path.name for path in tmp_path.glob("S001*")] == ["S001-le-plan.pdf"]


def test_an_earlier_file_outlives_a_later_failure(site, one, tmp_path):
    site.answers["/plan"] = [Answer(), Answer(404)]
    first = one()
    assert one(fresh=-1.0).outcome == "failed"
    assert (tmp_path / first.file).read_bytes() == PAGE
    assert fetched_metadata(tmp_path / first.file) is not None


def test_an_interrupted_run_goes_on_where_it_was(site, fetch):
    site.answers |= {"/a": [Answer()], "/b": [Answer(500), Answer()], "/c": [Answer()]}
    sources = [source(site.url(path), key) for key, path in (("S001", "/a"), ("S002", "/b"), ("S003", "/c"))]

    def interrupt(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(*sources, sleep=interrupt, backoff=50.0)
    assert [result.outcome for result in fetch(*sources).results] == ["recent", "fetched", "fetched"]
    assert site.paths() == ["/a", "/b", "/b", "/c"]


# The folder


def test_two_processes_do_not_fetch_into_one_folder(site, one, tmp_path):
    with FileLock(tmp_path / ".fetched.lock"), pytest.raises(UsageError, match="Another process"):
        one()


def test_a_folder_that_cannot_be_one_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(SettingsError, match="--into DIR"):
        Fetcher(tmp_path / "file").fetch([])


@pytest.mark.parametrize("text", ["{", "[]", '{"files": [{}]}', '{"files": 3}'])
def test_a_damaged_ledger_is_named(one, tmp_path, text):
    (tmp_path / "fetched.json").write_text(text)
    with pytest.raises(SettingsError, match=r"fetched\.json is damaged"):
        one()


def test_a_ledger_cannot_name_files_elsewhere(site, one, tmp_path):
    site.answers["/plan"] = [Answer()]
    name = one().file
    ledger = tmp_path / "fetched.json"
    ledger.write_text(ledger.read_text("utf-8").replace(name, "../precious.html"), "utf-8")
    with pytest.raises(SettingsError, match="outside its folder"):
        one()


# The command line


@pytest.fixture
def command(site, tmp_path, monkeypatch, capsys):
    """``corpus`` in this process, with a list of two sources on the site, of which one is not there."""
    polite = Fetcher.__init__

    def quick(self, folder):
        polite(self, folder, manners=Manners(interval=0, backoff=0, allow_loopback=True), sleep=lambda _: None)

    monkeypatch.setattr(Fetcher, "__init__", quick)
    site.answers["/plan"] = [Answer()]
    listed = tmp_path / "sources.toml"
    listed.write_text(
        "".join(
            f'[{key}]\ntitle = "Le pôle"\npublisher = "P"\nlanguage = "fr"\nkind = "{kind}"\ndate = "2013"\n'
            f'url = "{site.url(path)}"\n'
            for key, kind, path in (("S001", "plan", "/plan"), ("S002", "article", "/none"))
        ),
        "utf-8",
    )

    def run(*arguments: str):
        code = main(["corpus", *arguments, "--sources", str(listed), "--json"])
        printed = capsys.readouterr()
        return code, json.loads(printed.out), printed.err

    return run


def test_fetch_exits_with_4_when_some_could_not_be_fetched(command, tmp_path):
    code, report, errors = command("fetch", "--all", "--into", str(tmp_path / "mine"))
    assert code == 4
    assert report["sources"] == {"fetched": 1, "unchanged": 0, "recent": 0, "failed": 1}
    assert [(failure["key"], failure["reason"]) for failure in report["failures"]] == [
        ("S002", "the server answers 404 Not Found")
    ]
    assert "2/2" in errors


def test_fetch_exits_with_0_when_all_is_there(command, tmp_path):
    code, report, _ = command("fetch", "--kind", "plan", "--into", str(tmp_path / "mine"))
    assert (code, [result["file"] for result in report["results"]]) == (0, ["S001-le-pole.html"])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Say what to fetch"),
        (["S999"], "S999"),
        (["--language", "en"], "No source is like that"),
        (["S001", "--all"], "not both"),
    ],
)
def test_fetch_exits_with_2_when_nothing_is_chosen(command, site, tmp_path, arguments, says):
    code, record, errors = command("fetch", *arguments, "--into", str(tmp_path / "mine"))
    assert code == 2
    assert says in record["error"]["message"]
    assert says in errors
    assert site.asked == []


def test_list_shows_the_chosen_sources(command):
    code, record, _ = command("list", "--match", "POLE", "--kind", "article")
    assert (code, [source["key"] for source in record["sources"]]) == (0, ["S002"])


def test_a_user_cannot_reach_this_machine(run_qa, site, tmp_path):
    listed = tmp_path / "sources.toml"
    listed.write_text(
        f'[S001]\ntitle = "T"\npublisher = "P"\nlanguage = "fr"\nkind = "plan"\ndate = "2013"\nurl = "{site.url("/plan")}"\n'
    )
    run = run_qa("corpus", "fetch", "S001", "--sources", str(listed), "--into", str(tmp_path / "mine"))
    assert run.returncode == 4, run.stderr
    assert "S001 could not be fetched" in run.stdout
    assert "not a public address" in run.stdout
    assert site.asked == []
