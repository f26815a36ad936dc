"""French notes about a persona ("Elle craint un retard") as the persona would say them ("Je crains un retard")."""

import re

from roleplay.scenarios.content import Persona

_IRREGULAR = {"a": "ai", "est": "suis", "va": "vais", "veut": "veux", "peut": "peux", "vaut": "vaux"}
_FEELS = (
    r"(?:craint|redoute|veut|souhaite|espère|attend|pense|croit|sait|sent|cherche|déteste|aime|refuse|doute|"
    r"(?:a (?:peur|besoin|envie|hâte)|tient|se (?:demande|méfie|sent))\b)"
)
_BETWEEN = r"((?:(?:ne|se|y|en|lui) |[ns]')*)"
"""What French puts between the subject and its verb."""
_OWN = {"son": "mon", "sa": "ma", "ses": "mes", "sien": "mien", "sienne": "mienne"}
_IMPERSONAL = (
    r"(?!(?:ne |n'|s')?(?:y a|y avait|faut|fallait|faudra|suffit|agit|pleut|reste|manque|est (?:temps|tard))\b)"
)
_BEFORE_ME = r"\b(pour|à|avec|chez|de|sans|contre|devant|sur|par|derrière|entre) "


def spoken_by(text: str, persona: Persona) -> str:
    """Empty where a word about the persona is left that these rules cannot turn: it is better not said."""
    male, female = (len(re.findall(rf"\b{word}\b", persona.biography, re.IGNORECASE)) for word in ("il", "elle"))
    subject = "elle" if female > male else "il"
    spoken = _with_i_as_subject(text.replace("’", "'"), subject, persona)
    spoken = re.sub(rf"{_BEFORE_ME}(?:lui|elle)(?:-même)?\b", r"\1 moi", spoken)
    spoken = re.sub(r"\blui (?=\w)", "me ", spoken)
    spoken = re.sub(r"\b(?:son|sa|ses|sien|sienne)\b", lambda found: _same_case(found[0]), spoken, flags=re.IGNORECASE)
    names = "|".join(re.escape(part) for part in (persona.name, *persona.name.split()))
    left = rf"\b(?:{subject}\b{_IMPERSONAL if subject == 'il' else ''}|lui\b|(?:{names})\b)"
    return "" if re.search(left, spoken, re.IGNORECASE) else spoken


def _with_i_as_subject(text: str, subject: str, persona: Persona) -> str:
    names = "|".join(re.escape(part) for part in (persona.name, persona.name.split()[0]))
    impersonal = _IMPERSONAL if subject == "il" else ""
    spoken = re.sub(rf"\b(qu|lorsqu|puisqu)'(?={subject} )", r"\1e ", text)
    spoken = re.sub(r"\bs'(?=il )", "si ", spoken) if subject == "il" else spoken
    spoken = re.sub(
        rf"\b(?:(?:{names})|{subject}) {impersonal}(?!et |ou |aussi ){_BETWEEN}(\w+)",
        lambda found: _first_person(found[1], found[2]),
        spoken,
        flags=re.IGNORECASE,
    )
    starts = re.match(rf"{_FEELS}", spoken, re.IGNORECASE)
    if not starts:
        return spoken
    return re.sub(rf"^{_BETWEEN}(\w+)", lambda found: _first_person(found[1], found[2]), spoken, flags=re.IGNORECASE)


def _first_person(between: str, verb: str) -> str:
    own = between.lower().replace("se ", "me ").replace("s'", "m'")
    said = own + _conjugated(verb.lower())
    return ("j'" if re.match(r"[aeéèêiouhy]", said) else "je ") + said


def _conjugated(verb: str) -> str:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("ra"):
        return verb + "i"
    if verb.endswith("t"):
        return verb[:-1] + "s"
    return verb + "s" if verb.endswith("d") else verb


def _same_case(word: str) -> str:
    mine = _OWN[word.lower()]
    return mine.capitalize() if word[0].isupper() else mine
