"""The catalogs of the interface: one .po file a language, compiled on installation."""

from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGS = Path(__file__).parent / "translations"


def catalogs() -> dict[str, Catalog]:
    """Every catalog by its language."""
    found = {}
    for path in sorted(CATALOGS.glob("*/LC_MESSAGES/messages.po")):
        language = path.parent.parent.name
        with path.open("rb") as file:
            found[language] = read_po(file, locale=language)
    return found


def compile_catalogs() -> None:
    for language, catalog in catalogs().items():
        with (CATALOGS / language / "LC_MESSAGES" / "messages.mo").open("wb") as file:
            write_mo(file, catalog)
