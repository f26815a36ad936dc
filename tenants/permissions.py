"""What a role may do. A permission is `noun:verb`; a role is a set of them; nothing else decides."""

from enum import StrEnum


class Permission(StrEnum):
    ATTEMPTS_DELETE = "attempts:delete"
    """Assigned attempts of other members. Private practice is deleted by its owner, and by nobody else."""
    ATTEMPTS_READ_ANY = "attempts:read_any"
    """Assigned attempts of other members; private practice stays with its owner whatever the role."""
    ATTEMPTS_START = "attempts:start"
    AUDIT_READ = "audit:read"
    CATALOG_READ = "catalog:read"
    MEMBERS_MANAGE = "members:manage"
    REPORTS_READ = "reports:read"
    """The usage of the whole organization; private practice is in it as a number only."""
    SCENARIOS_AUTHOR = "scenarios:author"
    """To write them, to give them to people, and to say by tags who is in which team."""
    SCENARIOS_READ = "scenarios:read"
    """Scenarios in the making, and who takes part in them; the catalog is for everybody."""
    SESSIONS_CREATE = "sessions:create"
    """Practice of one's own, and contacts to rehearse with; a read-only seat practises what it was given."""
    SESSIONS_READ_ANY = "sessions:read_any"
    """The assigned sessions of everybody in one table."""
    SETTINGS_MANAGE = "settings:manage"


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    AUTHOR = "author"
    COACH = "coach"
    LEARNER = "learner"


class Seat(StrEnum):
    FULL = "full"
    READ_ONLY = "read_only"


_LEARNER = frozenset({Permission.CATALOG_READ, Permission.ATTEMPTS_START, Permission.SESSIONS_CREATE})
_COACH = _LEARNER | {Permission.ATTEMPTS_READ_ANY, Permission.REPORTS_READ, Permission.SCENARIOS_READ}
_AUTHOR = _COACH | {Permission.SCENARIOS_AUTHOR}
_ADMIN = _AUTHOR | {
    Permission.ATTEMPTS_DELETE,
    Permission.AUDIT_READ,
    Permission.MEMBERS_MANAGE,
    Permission.SESSIONS_READ_ANY,
    Permission.SETTINGS_MANAGE,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.LEARNER: _LEARNER,
    Role.COACH: _COACH,
    Role.AUTHOR: _AUTHOR,
    Role.ADMIN: _ADMIN,
    Role.OWNER: _ADMIN,
}

FULL_SEAT = frozenset({Permission.REPORTS_READ, Permission.SCENARIOS_AUTHOR, Permission.SESSIONS_CREATE})
"""What takes a full seat besides a role that holds it."""
