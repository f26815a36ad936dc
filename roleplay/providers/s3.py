"""Files in a bucket: Amazon S3, or any server with the same interface. Three requests need no SDK."""

import hmac
from collections.abc import Mapping
from datetime import datetime
from functools import reduce
from hashlib import sha256
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import quote, urlsplit

from tenants.clock import now
from tenants.errors import ProviderFailed

ALGORITHM = "AWS4-HMAC-SHA256"
STAMP = "%Y%m%dT%H%M%SZ"
PATIENCE = 20
"""Seconds to wait for an answer."""


class S3Files:
    """See `roleplay.ports.Files`. `url` holds the bucket, and a folder in it if it is to be one."""

    def __init__(self, url: str, *, region: str, access_key: str, secret_key: str) -> None:
        self._parts, self._region = urlsplit(url), region
        self._access_key, self._secret_key = access_key, secret_key

    def write(self, key: str, content: bytes) -> None:
        self._ask("PUT", key, content)

    def read(self, key: str) -> bytes | None:
        return self._ask("GET", key)

    def delete(self, key: str) -> None:
        self._ask("DELETE", key)

    def _ask(self, method: str, key: str, content: bytes = b"") -> bytes | None:
        """What the server sends; None where it has nothing."""
        kind = HTTPSConnection if self._parts.scheme == "https" else HTTPConnection
        connection = kind(self._parts.netloc, timeout=PATIENCE)
        path = quote(f"{self._parts.path.rstrip('/')}/{key}")
        try:
            connection.request(method, path, content, self._headers(method, path, content))
            response = connection.getresponse()
            body = response.read()
        except (OSError, HTTPException) as error:
            raise ProviderFailed(code=f"files_{type(error).__name__}", recoverable=True) from None
        finally:
            connection.close()
        if response.status == 404:
            return None
        if response.status >= 300:
            raise ProviderFailed(code=f"files_{response.status}", recoverable=response.status >= 500)
        return body

    def _headers(self, method: str, path: str, content: bytes) -> dict[str, str]:
        at, digest = now(), sha256(content).hexdigest()
        headers = {"host": self._parts.netloc, "x-amz-content-sha256": digest, "x-amz-date": at.strftime(STAMP)}
        signed = signature(method, path, headers, at=at, region=self._region, secret_key=self._secret_key)
        credential = f"{self._access_key}/{_scope(at, self._region)}"
        told = f"Credential={credential}, SignedHeaders={';'.join(headers)}, Signature={signed}"
        return {**headers, "Authorization": f"{ALGORITHM} {told}"}


def signature(method: str, path: str, headers: Mapping[str, str], *, at: datetime, region: str, secret_key: str) -> str:
    """Signature Version 4. `headers` are those to be signed, in the order of their lower-case names, and the content's
    digest is among them."""
    lines = [f"{name}:{value}\n" for name, value in headers.items()]
    asked = "\n".join([method, path, "", "".join(lines), ";".join(headers), headers["x-amz-content-sha256"]])
    scope = _scope(at, region)
    digest = sha256(asked.encode()).hexdigest()
    to_sign = "\n".join([ALGORITHM, at.strftime(STAMP), scope, digest])
    key = reduce(_keyed, scope.split("/"), f"AWS4{secret_key}".encode())
    return _keyed(key, to_sign).hex()


def _keyed(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), sha256)


def _scope(at: datetime, region: str) -> str:
    return f"{at:%Y%m%d}/{region}/s3/aws4_request"
