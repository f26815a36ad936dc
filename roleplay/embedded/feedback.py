"""The sentences of the embedded evaluator's debrief that no author wrote, by feedback language."""

from collections.abc import Mapping

_EN = {
    "summary": "{met} of {judged} judged goals met.",
    "summary_partly": "{partly} partly.",
    "summary_unsure": "On {unsure} the practice engine could not tell and gives no verdict.",
    "summary_no_examples": "{count} not scored, for want of example sentences.",
    "summary_silent": "There are no words of yours in this conversation that could be judged.",
    "met": "You did this: {goal}",
    "partly": "You came near, more than once, without doing it plainly: {goal}",
    "not_met": "Not heard in what you said: {goal}",
    "unsure": "The practice engine could not tell from your words whether you did this.",
    "no_examples": "This goal has fewer than {enough} example sentences, and without them the practice engine cannot "
    "judge it, whatever you say. Its author can add some.",
    "opened": "Opened the conversation: {lever}",
    "opened_advice": "This moved {persona}. Use it again, and earlier.",
    "closed": "Closed the conversation: {lever}",
    "closed_advice": "This made {persona} withdraw. Another way from here: {instead}",
    "closed_advice_bare": "This made {persona} withdraw. Pause here next time, and ask before you answer.",
    "say": "You could have said: “{better}”",
    "try": "Not tried yet, and it would have helped: {lever}",
    "avoid": "Leave out: {lever}",
    "again": "Have the same conversation once more and think of one thing only: {goal}",
    "vary": "Have the same conversation once more, in half the time.",
}

_FR = {
    "summary": "{met} objectif(s) atteint(s) sur {judged} évalué(s).",
    "summary_partly": "{partly} en partie.",
    "summary_unsure": "Pour {unsure}, le moteur d’entraînement n’a pas pu trancher et ne se prononce pas.",
    "summary_no_examples": "{count} sans note, faute de phrases d’exemple.",
    "summary_silent": "Cette conversation ne contient aucune parole de votre part qui puisse être évaluée.",
    "met": "Vous l’avez fait : {goal}",
    "partly": "Vous n’en étiez pas loin, à plusieurs reprises, sans le faire clairement : {goal}",
    "not_met": "Rien de ce que vous avez dit n’y répond : {goal}",
    "unsure": "Le moteur d’entraînement n’a pas pu dire, d’après vos mots, si vous l’avez fait.",
    "no_examples": "Cet objectif a moins de {enough} phrases d’exemple. Sans elles, le moteur d’entraînement ne "
    "peut pas l’évaluer, quoi que vous disiez. La personne qui a écrit le scénario peut en ajouter.",
    "opened": "A ouvert la conversation : {lever}",
    "opened_advice": "Cela a touché {persona}. Refaites-le, et plus tôt.",
    "closed": "A fermé la conversation : {lever}",
    "closed_advice": "Ici, {persona} a pris ses distances. Une autre voie : {instead}",
    "closed_advice_bare": "Ici, {persona} a pris ses distances. La prochaine fois, marquez une pause et "
    "posez une question avant de répondre.",
    "say": "Vous auriez pu dire : « {better} »",
    "try": "Pas encore essayé, et cela aurait aidé : {lever}",
    "avoid": "À éviter : {lever}",
    "again": "Refaites la même conversation en ne pensant qu’à une chose : {goal}",
    "vary": "Refaites la même conversation, deux fois plus courte.",
}

_TABLES: Mapping[str, Mapping[str, str]] = {"en": _EN, "fr": _FR}


class Wording:
    """Sentences of one language; English where the language is unknown."""

    def __init__(self, language: str) -> None:
        self._table = _TABLES.get(language[:2], _EN)

    def __call__(self, sentence: str, **words: object) -> str:
        return self._table[sentence].format(**words)
