"""Files in a bucket: signed as Amazon's own examples are, kept, read, and deleted."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from roleplay.providers.s3 import S3Files, signature
from tenants.errors import ProviderFailed

DAY = datetime(2013, 5, 24, tzinfo=UTC)
EXAMPLE_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
EXPORT = "0193/exports/Rapport d'été.xlsx"


@pytest.mark.parametrize(
    ("method", "path", "headers", "signed"),
    [
        (
            "GET",
            "/test.txt",
            {
                "host": "examplebucket.s3.amazonaws.com",
                "range": "bytes=0-9",
                "x-amz-content-sha256": sha256(b"").hexdigest(),
                "x-amz-date": "20130524T000000Z",
            },
            "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        ),
        (
            "PUT",
            "/test%24file.text",
            {
                "date": "Fri, 24 May 2013 00:00:00 GMT",
                "host": "examplebucket.s3.amazonaws.com",
                "x-amz-content-sha256": sha256(b"Welcome to Amazon S3.").hexdigest(),
                "x-amz-date": "20130524T000000Z",
                "x-amz-storage-class": "REDUCED_REDUNDANCY",
            },
            "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        ),
    ],
)
def test_a_request_is_signed_as_in_the_documentation(
    method: str, path: str, headers: dict[str, str], signed: str
) -> None:
    assert signature(method, path, headers, at=DAY, region="us-east-1", secret_key=EXAMPLE_KEY) == signed


class Bucket(BaseHTTPRequestHandler):
    """Believes whoever signs with the right key, and checks that the content is the one that was signed."""

    kept: dict[str, bytes]
    status = 200

    def _answer(self) -> None:
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        honest = self.headers["x-amz-content-sha256"] == sha256(content).hexdigest()
        known = "Credential=somebody/" in self.headers["Authorization"]
        status, body = (self.status, b"") if honest and known else (403, b"")
        if status == 200:
            status, body = self._serve(content)
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _serve(self, content: bytes) -> tuple[int, bytes]:
        if self.command == "PUT":
            self.kept[self.path] = content
            return 200, b""
        if self.command == "DELETE":
            self.kept.pop(self.path, None)
            return 204, b""
        return (200, self.kept[self.path]) if self.path in self.kept else (404, b"<Error/>")

    do_GET = do_PUT = do_DELETE = _answer  # noqa: N815 - the names that http.server calls

    def log_message(self, *_args: object) -> None:
        """Nobody reads it."""


@pytest.fixture
def bucket() -> Iterator[tuple[str, type[Bucket]]]:
    kept = type("Kept", (Bucket,), {"kept": {}})
    with ThreadingHTTPServer(("127.0.0.1", 0), kept) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/roleplay/files/", kept
        server.shutdown()


def files(url: str, *, access_key: str = "somebody") -> S3Files:
    return S3Files(url, region="eu-west-3", access_key=access_key, secret_key="secret")


def test_a_file_is_kept_read_and_deleted(bucket: tuple[str, type[Bucket]]) -> None:
    url, kept = bucket
    files(url).write(EXPORT, b"sheet")
    assert list(kept.kept) == ["/roleplay/files/0193/exports/Rapport%20d%27%C3%A9t%C3%A9.xlsx"]
    assert files(url).read(EXPORT) == b"sheet"
    files(url).delete(EXPORT)
    assert files(url).read(EXPORT) is None
    files(url).delete(EXPORT)


def test_a_refusal_is_no_missing_file(bucket: tuple[str, type[Bucket]]) -> None:
    url, _ = bucket
    with pytest.raises(ProviderFailed) as refused:
        files(url, access_key="nobody").read(EXPORT)
    assert (refused.value.code, refused.value.recoverable) == ("files_403", False)


def test_a_server_that_is_away_may_be_tried_again(bucket: tuple[str, type[Bucket]]) -> None:
    url, kept = bucket
    kept.status = 503
    with pytest.raises(ProviderFailed) as failed:
        files(url).write(EXPORT, b"sheet")
    assert failed.value.recoverable
    with pytest.raises(ProviderFailed) as away:
        files("http://127.0.0.1:1/roleplay").write(EXPORT, b"sheet")
    assert away.value.recoverable
