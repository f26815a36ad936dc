"""What personas and evaluation templates have in common on the pages: coming in from a file, and going away."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from roleplay.scenarios import keeping
from roleplay.scenarios.exchange import read_cards
from roleplay.scenarios.keeping import Kept, Taken
from roleplay.scenarios.yaml_source import UnreadableFile
from roleplay.web.organization import this_member
from roleplay.web.scenarios.refusals import require
from roleplay.web.yaml_files import sentence_of, shown_again, uploaded
from tenants.permissions import Permission


def take_in(kind: type[Kept], *, page: str, shelf: str, entry: str, this_is_not: str) -> BaseResponse | tuple[str, int]:
    """All of an uploaded file or nothing of it. `page` asks for the file again, `shelf` is where they then are."""
    require(Permission.SCENARIOS_AUTHOR)
    source, replace = uploaded(), "replace" in request.form

    def refused(faults: Sequence[str], status: int, names: Sequence[str] = ()) -> tuple[str, int]:
        return render_template(page, source=shown_again(source), faults=faults, names=names), status

    try:
        taken = keeping.keep(kind, read_cards(source, kind.reads), by=this_member(), replace=replace)
    except UnreadableFile as refusal:
        return refused([sentence_of(each, entry=entry, this_is_not=this_is_not) for each in refusal.faults], 422)
    except keeping.HereAlready as refusal:
        return refused([], 409, refusal.names)
    except keeping.ShelfFull:
        return refused([_("There is room for %(most)s. Delete one that nobody needs.", most=keeping.MOST_KEPT)], 409)
    flash(_told(taken), "good")
    return redirect(shelf, 303)


def _told(taken: Taken) -> str:
    told = [ngettext("%(num)d is new.", "%(num)d are new.", taken.added)]
    if taken.replaced:
        told.append(ngettext("%(num)d was replaced.", "%(num)d were replaced.", taken.replaced))
    if taken.unchanged:
        told.append(ngettext("%(num)d was here already.", "%(num)d were here already.", taken.unchanged))
    return " ".join(told)
