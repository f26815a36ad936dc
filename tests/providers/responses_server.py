"""A loopback server that answers like OpenAI's Responses API, or fails like it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = tuple[int, dict[str, str], str]


def answer(output: str, *, status: str = "completed", kind: str = "output_text") -> Reply:
    """A whole Response whose only message is `output`; `kind` "refusal" makes it one."""
    part = {"type": kind, "refusal" if kind == "refusal" else "text": output, "annotations": []}
    message = {"type": "message", "id": "msg_1", "status": status, "role": "assistant", "content": [part]}
    incomplete = {"reason": "max_output_tokens"} if status == "incomplete" else None
    response = {
        "id": "resp_1",
        "object": "response",
        "created_at": 1_790_000_000,
        "status": status,
        "error": None,
        "incomplete_details": incomplete,
        "model": "judge-1",
        "output": [message],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
    }
    return 200, {}, json.dumps(response)


def failure(status: int, code: str = "broken", **headers: str) -> Reply:
    return status, headers, json.dumps({"error": {"message": "It said: SECRET WORDS", "type": "x", "code": code}})


class ResponsesServer:
    def __init__(self, reply: Callable[[dict[str, Any]], Reply]) -> None:
        self.reply = reply
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self.released = threading.Event()
        """What a hanging reply waits for."""
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}/v1"

    @contextmanager
    def running(self) -> Iterator["ResponsesServer"]:
        thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.released.set()
            self._http.shutdown()
            self._http.server_close()
            thread.join(5)

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server.requests.append({**body, "path": self.path})
                server.keys.append(self.headers["Authorization"])
                status, headers, text = server.reply(body)
                self._write(status, headers, text.encode())

            def _write(self, status: int, headers: dict[str, str], content: bytes) -> None:
                try:
                    self.send_response(status)
                    for name, value in {"Content-Type": "application/json", **headers}.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except OSError:
                    self.close_connection = True

            def log_message(self, *_arguments: object) -> None:
                """The tests look at the requests instead."""

        return Handler
