"""What the page does over HTTP: a signed-in learner's cookies, form tokens, and one request at a time."""

import http.client
import json
import re
import urllib.parse
from http.cookies import SimpleCookie

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
_ROOM = re.compile(r"/attempts/([0-9a-f-]{36})/room")
TIMEOUT = 10


class Page:
    """Raises `OSError` or `HTTPException` when the web process does not answer."""

    def __init__(self, url: str, slug: str, secret: str) -> None:
        self._host, self._slug = urllib.parse.urlsplit(url).netloc, slug
        self._cookies = {"sign-in": secret}
        self._token = ""

    def start(self, scenario: object, mode: str) -> str | None:
        """The attempt that goes on now: a new one, or the one that was live already."""
        status, location, text = self._post(f"/catalog/{scenario}/attempts", mode=mode)
        found = _ROOM.search(location if status == 303 else text)
        return found[1] if found and status in {303, 409} else None

    def ticket(self, attempt: str) -> str | None:
        """None when the attempt is over."""
        status, _, text = self._post(f"/attempts/{attempt}/tickets")
        if status == 409:
            return None
        if status != 200:
            raise OSError(f"no ticket: {status}")
        return str(json.loads(text)["ticket"])

    def complete(self, attempt: str) -> bool:
        return self._post(f"/attempts/{attempt}/completion")[0] == 303

    def _post(self, path: str, **fields: str) -> tuple[int, str, str]:
        if not self._token:
            found = _TOKEN.search(self._ask("GET", "/sign-in", "")[2])
            if not found:
                raise OSError("no form token")
            self._token = found[1]
        body = urllib.parse.urlencode({"csrf_token": self._token, **fields})
        return self._ask("POST", f"/o/{self._slug}{path}", body)

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection(self._host, timeout=TIMEOUT)
        try:
            cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
            headers = {"Cookie": cookies, "Content-Type": "application/x-www-form-urlencoded"}
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            text = response.read().decode()
            for header in response.headers.get_all("Set-Cookie") or []:
                self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
            return response.status, response.headers.get("Location", ""), text
        finally:
            connection.close()
