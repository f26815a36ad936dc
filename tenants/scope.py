"""Scopes: every database session belongs to one of them for its whole life.

`organization_scope` opens the session of one organization: row-level security shows it that organization's rows only.
`platform_scope` sees the tables that belong to no organization (identities, sign-ins, the directory of organizations).
`operations_scope` connects as the role that bypasses row-level security, for the jobs listed in `docs/tenancy.md`.

Entering a scope inside another one opens a second session; objects never travel between the two.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

_current: ContextVar["Scope | None"] = ContextVar("scope", default=None)

_closing: list[Callable[[], None]] = []


@dataclass(frozen=True, eq=False, slots=True)
class Scope:
    organization_id: UUID | None = None
    operations: bool = False


class NoScope(RuntimeError):
    """The database was asked for something outside every scope: a programming error."""


def current_scope() -> Scope:
    scope = _current.get()
    if scope is None:
        raise NoScope("open an organization_scope or a platform_scope first")
    return scope


def scope_key() -> int:
    """What tells one scope's session from another's; 0 outside every scope."""
    scope = _current.get()
    return id(scope) if scope else 0


def current_organization_id() -> UUID:
    organization_id = current_scope().organization_id
    if organization_id is None:
        raise NoScope("this belongs to an organization, and the scope names none")
    return organization_id


def when_left(close: Callable[[], None]) -> None:
    """Has `close` called at the end of every scope, while it is still the current one."""
    _closing.append(close)


@contextmanager
def _scope(scope: Scope) -> Iterator[Scope]:
    token = _current.set(scope)
    try:
        yield scope
    finally:
        for close in _closing:
            close()
        _current.reset(token)


def organization_scope(organization_id: UUID) -> AbstractContextManager[Scope]:
    return _scope(Scope(organization_id=organization_id))


def platform_scope() -> AbstractContextManager[Scope]:
    return _scope(Scope())


def operations_scope() -> AbstractContextManager[Scope]:
    return _scope(Scope(operations=True))
