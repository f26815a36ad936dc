"""The people of a report as a table: sorted and paged by the database, since an organization may have thousands."""

from collections.abc import Sequence
from dataclasses import dataclass

from roleplay.reports.counting import COUNTS
from roleplay.reports.figures import Figures, Line, Period
from roleplay.reports.sums import MEMBERS, ask
from roleplay.reports.usage import asked_for

PAGE = 25
SORTS = {
    "name": "lower(name)",
    "sessions": "sessions",
    "attempts": "attempts",
    "minutes": "seconds",
    "completed": "completed",
    "completion": "completed * 1.0 / nullif(assigned, 0)",
    "score": "score_sum * 1.0 / nullif(scored, 0)",
}
BUSIEST_FIRST = "-attempts"


@dataclass(frozen=True, slots=True)
class PeoplePage:
    rows: Sequence[Line]
    total: int
    page: int
    pages: int


def list_people(
    period: Period, *, zone: str, tags: Sequence[str] = (), sort: str = BUSIEST_FIRST, page: int = 1
) -> PeoplePage:
    """One page of those who practised, or had something due, in one query however many they are. `sort` is one of
    `SORTS`, with a minus from the highest; a page after the last one is the last one."""
    asked = asked_for(period, zone=zone, tags=tags)
    way = "desc" if sort.startswith("-") else "asc"
    statement = _LIST.replace("{order}", f"{SORTS[sort.removeprefix('-')]} {way} nulls last")
    found = ask(asked, statement, size=PAGE, page=max(1, page)).all()
    total = found[0].total if found else 0
    pages = max(1, -(-total // PAGE))
    rows = [Line(row.name, Figures(*row[2:])) for row in found]
    return PeoplePage(rows, total, min(max(1, page), pages), pages)


_LIST = f"""
{MEMBERS}, listed as materialized (
  select member_id, identity.name, {COUNTS} from members
  join member on member.id = members.member_id join identity on identity.id = member.identity_id
  where not is_private
)
select name, (select count(*)::int from listed) as total, {COUNTS}, 1 as people
from listed order by {{order}}, member_id limit :size
offset :size * (least(:page, (select greatest(1, ceil(count(*) / cast(:size as numeric))) from listed))::int - 1)
"""  # noqa: S608 - names of ours alone; every value is bound
