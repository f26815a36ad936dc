"""Who is asking, for the edges and the logs. Domain functions take their member as `by=` and never look here."""

from contextvars import ContextVar

request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
organization_slug: ContextVar[str | None] = ContextVar("organization_slug", default=None)
member_id: ContextVar[str | None] = ContextVar("member_id", default=None)
