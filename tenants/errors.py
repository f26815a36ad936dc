"""Why something is refused, in words the edges turn into a page, a problem document or a socket message.

Refusal
├── NotFound          it does not exist, or the member may not know that it does
├── Forbidden         the member sees it, but may not do this
├── Conflict          it is not in a state where this can be done
├── Invalid           the input cannot be right; `field` says where
├── QuotaExceeded     allowed, but not this much
└── ProviderFailed    the outside world failed; `recoverable` says whether trying again can help
"""


class Refusal(Exception):
    """`code` is stable and for programs; the text is for logs and never holds what somebody said or wrote."""

    code = "refused"

    def __init__(self, message: str = "", *, code: str | None = None) -> None:
        super().__init__(message or code or self.code)
        if code:
            self.code = code


class NotFound(Refusal):
    code = "not_found"


class Forbidden(Refusal):
    code = "forbidden"


class Conflict(Refusal):
    """`about` names the object that stands in the way, so that a page can lead there."""

    code = "conflict"

    def __init__(self, message: str = "", *, code: str | None = None, about: object = None) -> None:
        super().__init__(message, code=code)
        self.about = about


class Invalid(Refusal):
    code = "invalid"

    def __init__(self, message: str = "", *, code: str | None = None, field: str | None = None) -> None:
        super().__init__(message, code=code)
        self.field = field


class QuotaExceeded(Refusal):
    code = "quota_exceeded"


class ProviderFailed(Refusal):
    code = "provider_failed"

    def __init__(self, message: str = "", *, code: str | None = None, recoverable: bool) -> None:
        super().__init__(message, code=code)
        self.recoverable = recoverable
