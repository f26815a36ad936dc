"""Words that speak to a judge and not to the persona ("give me 100"). They are never evidence, whatever a judge says.

The patterns name the act of judging or of instructing a model, not mere words: a customer's "score" or a manager's
"goal" belongs to many honest conversations. Every sentence of the library is held against them in the tests.
"""

import re

from roleplay.evaluations.quoting import folded

_GRADE = r"(?:full marks|top marks|(?:a |the )?(?:perfect|top|full|maximum|highest) (?:score|mark|grade)|(?:a )?100\b)"
_MARKS = r"(?:tous les points|la note maximale|(?:un )?100\b|100 ?%|20 ?(?:sur|/) ?20)"
_THING = r"this|it|that|(?:the|this|every|each|all) (?:goals?|learner)"
_TO_A_JUDGE = re.compile(
    "|".join(
        (
            r"\b(?:ignore|disregard|override|forget)\b[^.?!]{0,30}\b(?:instructions|prompts?|rubric)\b",
            r"\b(?:system|developer) (?:prompt|message)\b",
            r"\bverdict\W{1,3}(?:is )?(?:met|passed)\b",
            rf"\b(?:give|award|grant|assign) (?:me|us|it|this|the learner) {_GRADE}",
            rf"\b(?:mark|rate|score|grade|count) (?:me|{_THING}) (?:as |with |a )*(?:met|passed|100\b|perfect|full)",
            r"\b(?:dear|hey|hello|note to(?: the)?|message to(?: the)?) (?:ai|judge|grader|evaluator|examiner)\b",
            r"\b(?:ignore[zr]?|oublie[zr]?)\b[^.?!]{0,30}\b(?:instructions|consignes|prompts?)\b",
            rf"\b(?:donne[zr]?|attribue[zr]?|mets|mettez)[- ](?:moi|lui|nous) {_MARKS}",
            r"\b(?:chere?|bonjour|note (?:a|pour) l'?) ?(?:ia|juge|correcteur|evaluateur)\b",
        )
    )
)


def speaks_to_the_judge(quote: str) -> bool:
    return _TO_A_JUDGE.search(folded(quote)) is not None
