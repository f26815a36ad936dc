"""What a role may do. A permission is `noun:verb`; a role is a set of them; nothing else decides."""

from enum import StrEnum


class Permission(StrEnum):
    ATTEMPTS_READ_ANY = "attempts:read_any"
    """Assigned attempts of other members; private practice stays with its owner whatever the role."""
    ATTEMPTS_START = "attempts:start"
    AUDIT_READ = "audit:read"
    CATALOG_READ = "catalog:read"
    MEMBERS_MANAGE = "members:manage"
    REPORTS_READ = "reports:read"
    """The usage of the whole organization; private practice is in it as a number only."""
    SCENARIOS_AUTHOR = "scenarios:author"
    SCENARIOS_READ = "scenarios:read"
    """Scenarios in the making, and who takes part in them; the catalog is for everybody."""
    SETTINGS_MANAGE = "settings:manage"


class Role(StrEnum):
    OWNER = "owner"
    ADMIN = "admin"
    AUTHOR = "author"
    COACH = "coach"
    LEARNER = "learner"


_LEARNER = frozenset({Permission.CATALOG_READ, Permission.ATTEMPTS_START})
_COACH = _LEARNER | {Permission.ATTEMPTS_READ_ANY, Permission.REPORTS_READ, Permission.SCENARIOS_READ}
_AUTHOR = _COACH | {Permission.SCENARIOS_AUTHOR}
_ADMIN = _AUTHOR | {Permission.MEMBERS_MANAGE, Permission.SETTINGS_MANAGE, Permission.AUDIT_READ}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.LEARNER: _LEARNER,
    Role.COACH: _COACH,
    Role.AUTHOR: _AUTHOR,
    Role.ADMIN: _ADMIN,
    Role.OWNER: _ADMIN,
}
