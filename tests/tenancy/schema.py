"""Reads the locks on tenant data from the database's own catalog, and says which are open."""

from typing import Any

from sqlalchemy import Connection, Row, text

PLATFORM_TABLES = {"alembic_version", "identity", "organization", "sign_in", "sign_in_link"}
"""Tables that belong to no organization; `docs/tenancy.md` says why for each."""
DEFINER_FUNCTIONS = {"memberships_of"}

_TABLES = """
select c.relname as name, c.relrowsecurity as enabled, c.relforcerowsecurity as forced,
  exists (select 1 from pg_attribute a where a.attrelid = c.oid and a.attname = 'organization_id') as owned,
  (select count(*) from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname) as policies,
  (select count(*) from pg_policies p where p.schemaname = 'public' and p.tablename = c.relname
     and p.qual like '%app.organization%' and p.with_check like '%app.organization%'
     and p.roles = '{public}' and p.cmd = 'ALL') as complete_policies,
  has_table_privilege('app_rw', c.oid, 'TRUNCATE') as may_truncate
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'p') order by 1
"""
_FOREIGN_KEYS = """
select con.conname as name, con.conrelid::regclass::text as source, con.confrelid::regclass::text as target,
  array_agg(a.attname::text) as columns
from pg_constraint con
join unnest(con.conkey) k(attnum) on true
join pg_attribute a on a.attrelid = con.conrelid and a.attnum = k.attnum
where con.contype = 'f' group by 1, 2, 3
"""
_UNIQUE = """
select i.indexrelid::regclass::text as name, i.indrelid::regclass::text as source,
  (select array_agg(a.attname::text) from pg_attribute a
    where a.attrelid = i.indrelid and a.attnum = any(i.indkey::smallint[])) as columns
from pg_index i join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and i.indisunique
"""
_OTHER = """
select 'view ' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind = 'v'
    and not coalesce(c.reloptions::text like '%security_invoker=true%', false)
union all
select 'materialised view ' || c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind = 'm' and has_table_privilege('app_rw', c.oid, 'SELECT')
union all
select 'definer function ' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname = 'public' and p.prosecdef and p.proname <> all(:definers)
"""


def open_locks(connection: Connection) -> list[str]:
    """Every way in which the schema falls short, one line each; empty when all locks hold."""
    tables = connection.execute(text(_TABLES)).all()
    owned = {table.name for table in tables if table.owned}
    found = [f"{table.name}: {fault}" for table in tables if table.owned for fault in _faults(table)]
    stray = [table.name for table in tables if not table.owned and table.name not in PLATFORM_TABLES]
    found += [f"{name}: neither owned nor listed" for name in stray]
    for key in connection.execute(text(_FOREIGN_KEYS)):
        if {key.source, key.target} <= owned and "organization_id" not in key.columns:
            found.append(f"{key.name}: a foreign key that can point across organizations")
    for index in connection.execute(text(_UNIQUE)):
        if index.source in owned and "organization_id" not in index.columns:
            found.append(f"{index.name}: a unique index that tells of another organization")
    return found + list(connection.scalars(text(_OTHER), {"definers": list(DEFINER_FUNCTIONS)}))


def _faults(table: Row[Any]) -> list[str]:
    checks = {
        "row-level security is off": not table.enabled,
        "row-level security is not forced": not table.forced,
        "not exactly one policy": table.policies != 1,
        "the policy does not cover reading and writing": table.complete_policies != 1,
        "the application may truncate it": table.may_truncate,
    }
    return [fault for fault, is_open in checks.items() if is_open]
