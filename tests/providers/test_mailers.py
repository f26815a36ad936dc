"""Mail by SMTP and mail kept as files."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from roleplay.ports import Attachment, Email
from roleplay.providers import local_files
from roleplay.providers.local_files import FolderMailer
from roleplay.providers.smtp import SmtpMailer
from tenants.errors import ProviderFailed

EMAIL = Email(
    to="lea@example.com",
    subject="Votre lien – é",
    text="Bonjour Léa,\nvoilà.\n",
    html="<p>Bonjour Léa</p>",
    attachments=(Attachment("due.ics", b"BEGIN:VCALENDAR", "text/calendar"),),
)
SENDER = "Roleplay <practice@example.com>"


class SmtpServer:
    """Speaks just enough SMTP over plain text; `replies` overrides its answer to a verb."""

    def __init__(self, **replies: str) -> None:
        self.replies = replies
        self.commands: list[str] = []
        self.letters: list[str] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._listening.getsockname()[1]}"

    @contextmanager
    def running(self) -> Iterator["SmtpServer"]:
        thread = threading.Thread(target=self._serve, daemon=True)
        thread.start()
        with self._listening:
            yield self
            self._listening.shutdown(socket.SHUT_RDWR)
            thread.join(5)

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                with connection, connection.makefile("rw", encoding="utf-8", newline="\r\n") as lines:
                    self._talk(lines)

    def _talk(self, lines: object) -> None:
        def say(text: str) -> None:
            lines.write(text + "\n")  # type: ignore[attr-defined]
            lines.flush()  # type: ignore[attr-defined]

        say("220 ready")
        for line in lines:  # type: ignore[attr-defined]
            verb = line.split()[0].upper().split(":")[0]
            self.commands.append(verb)
            say(self.replies.get(verb.lower(), {"DATA": "354 go on", "QUIT": "221 bye"}.get(verb, "250 ok")))
            if verb == "DATA" and "data" not in self.replies:
                content = "".join(iter(lines.readline, ".\r\n"))  # type: ignore[attr-defined]
                self.letters.append(content.replace("\r\n", "\n"))
                say("250 taken")
            if verb == "QUIT":
                return


def test_a_letter_arrives_with_both_parts_and_its_attachment() -> None:
    with SmtpServer().running() as server:
        SmtpMailer(f"smtp://{server.address}", sender=SENDER, timeout=5).send(EMAIL)
    letter = message_from_bytes(server.letters[0].encode(), policy=policy.default)
    assert (letter["To"], letter["From"], letter["Subject"]) == ("lea@example.com", SENDER, EMAIL.subject)
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Message-ID"].endswith("@example.com>")
    assert letter.get_body(("plain",)).get_content() == EMAIL.text
    assert letter.get_body(("html",)).get_content().strip() == EMAIL.html
    assert [part.get_filename() for part in letter.iter_attachments()] == ["due.ics"]


@pytest.mark.parametrize(
    ("replies", "code", "recoverable"),
    [
        ({"rcpt": "550 unknown"}, "mail_refused", False),
        ({"rcpt": "451 later"}, "mail_refused", True),
        ({"mail": "530 sign in first"}, "mail_refused", False),
        ({"data": "452 full"}, "mail_refused", True),
    ],
)
def test_a_refusal_says_whether_another_try_can_help(replies: dict[str, str], code: str, recoverable: bool) -> None:
    with SmtpServer(**replies).running() as server, pytest.raises(ProviderFailed) as failed:
        SmtpMailer(f"smtp://{server.address}", sender=SENDER, timeout=5).send(EMAIL)
    assert (failed.value.code, failed.value.recoverable) == (code, recoverable)


def test_a_password_is_not_sent_over_a_line_without_encryption() -> None:
    with SmtpServer().running() as server, pytest.raises(ProviderFailed) as failed:
        SmtpMailer(f"smtp://lea:secret@{server.address}", sender=SENDER, timeout=5).send(EMAIL)
    assert (failed.value.code, failed.value.recoverable) == ("mail_not_supported", False)
    assert server.letters == []
    assert "AUTH" not in server.commands


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_server_that_is_away_or_silent_can_be_tried_again(scheme: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        for address in (f"127.0.0.1:{port}", "127.0.0.1:9"):
            with pytest.raises(ProviderFailed) as failed:
                SmtpMailer(f"{scheme}://{address}", sender=SENDER, timeout=0.3).send(EMAIL)
            assert (failed.value.code, failed.value.recoverable) == ("mail_unreachable", True)


@pytest.mark.parametrize("url", ["http://mail.example.com", "smtp://", "mail.example.com:25"])
def test_an_address_that_is_no_smtp_server_is_refused_at_start(url: str) -> None:
    with pytest.raises(ValueError, match="SMTP_URL"):
        SmtpMailer(url, sender=SENDER)


def test_nobody_writes_a_second_recipient_into_an_address() -> None:
    sneaky = Email(to="lea@example.com\nBcc: all@example.com", subject="x", text="x", html="x")
    with SmtpServer().running() as server, pytest.raises(ValueError, match=r"."):
        SmtpMailer(f"smtp://{server.address}", sender=SENDER, timeout=5).send(sneaky)
    assert server.letters == []


def test_a_folder_keeps_letters_newest_first(tmp_path: Path) -> None:
    mailer = FolderMailer(tmp_path / "mail", sender=SENDER)
    assert mailer.list_mail() == []
    mailer.send(EMAIL)
    mailer.send(Email(to="leo@example.com", subject="Second", text="Two", html="<p>Two</p>"))
    newest, oldest = mailer.list_mail()
    assert (newest.subject, newest.to, oldest.subject) == ("Second", "leo@example.com", EMAIL.subject)
    assert (oldest.text, oldest.html.strip()) == (EMAIL.text, EMAIL.html)
    assert newest.sent_at.tzinfo
    assert newest.sent_at >= oldest.sent_at


def test_a_folder_forgets_the_oldest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local_files, "MOST_KEPT", 2)
    mailer = FolderMailer(tmp_path, sender=SENDER)
    for number in range(3):
        mailer.send(Email(to="lea@example.com", subject=str(number), text="x", html="x"))
    assert [mail.subject for mail in mailer.list_mail()] == ["2", "1"]


def test_a_folder_that_cannot_be_written_fails_as_a_mail_server_would(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ProviderFailed) as failed:
        FolderMailer(tmp_path / "file" / "mail", sender=SENDER).send(EMAIL)
    assert (failed.value.code, failed.value.recoverable) == ("mail_not_written", True)
