"""The regular expressions behind the cues, over `sentences.normalised` text: lower case, straight apostrophes, no
punctuation.
"""

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "open_question": (
        r"^(?:(?:and|so|but|okay|ok|well|then|now|sorry|yeah|yes|hi|hello|hey|oh|right|fine|great) )*(?:(?:can|"
        r"could|would|will) you (?:please )?(?:tell|walk|describe|explain|share|help me understand)|tell me|"
        r"walk me|talk me|help me understand|describe|what|how|why|(?:i'd|i would) (?:like|love) to (?:understand|"
        r"hear|know)|in what way|which)\b"
    ),
    "closed_question": (
        r"^(?:(?:and|so|but|okay|ok|well|then|now) )*(?:is|are|was|were|do|does|did|have(?! a)|has|had|can|could|"
        r"will|would|should|shall|may|am|isn't|aren't|don't (?:you|we|they|i|people)|doesn't|didn't|won't|can't)\b"
    ),
    "you": r"\b(?:you|your|yours|yourself)\b",
    "i": r"\b(?:i|my|me|mine|i'm|i've|i'd|i'll)\b",
    "we": r"\b(?:we|our|us|ours|we're|we've|we'd|we'll|let's)\b",
    "negation": r"\b(?:not|no|never|nothing|nobody|none|without|cannot|\w+n't)\b",
    "time": (
        r"\b(?:today|tomorrow|yesterday|week|weeks|month|months|year|years|day|days|hour|hours|minutes|friday|"
        r"monday|tuesday|wednesday|thursday|saturday|sunday|january|february|march|april|june|july|august|"
        r"september|october|november|december|deadline|date|by then|quarter|morning|afternoon|soon|later)\b"
    ),
    "number": (
        r"\b(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty|forty|"
        r"fifty|hundred|thousand|million|percent|half|third)\b|%|€|\$|£"
    ),
    "obligation": r"\b(?:must|have to|has to|need to|needs to|should|ought|supposed to|got to|required)\b",
    "offer": (
        r"\b(?:i can|i could|we can|we could|i'll|we'll|i will|we will|let me|would it help|how about|what if|"
        r"shall we|i'd suggest|i suggest|i propose)\b"
    ),
    "feeling": (
        r"\b(?:understand|hear you|frustrat\w+|sounds like|must (?:be|have been)|hard for you|"
        r"difficult for you|worr\w+|upset|appreciate|feel|feels|makes sense)\b"
    ),
    "absolute": r"\b(?:always|everyone|everybody|only|just|simply|obviously|honestly|calm down|whatever)\b",
    "apology": r"\b(?:sorry|apologi[sz]e|apologies|my (?:fault|mistake|bad)|forgive)\b",
    "thanks": r"\b(?:thanks|thank you|grateful)\b",
    "greeting": r"^(?:hi|hello|hey|good (?:morning|afternoon|evening)|nice to (?:meet|see|hear))\b",
    "farewell": (
        r"\b(?:goodbye|good bye|bye|bye-bye)\b|\bhave a (?:good|nice|great|lovely) (?:day|one|evening|weekend|"
        r"week|afternoon)\b|\b(?:take care|talk (?:to you )?(?:soon|later|then)|see you(?: \w+){0,2}|"
        r"speak (?:soon|then)|so long|ciao|see you (?:soon|later|tomorrow|then|at|on|next|in)(?: \w+){0,5}|"
        r"ciao \w+|cheerio|(?:let's|we'll|we) (?:talk|speak|meet) again(?: \w+){0,5}|until (?:then|next time)|"
        r"thanks? (?:you )?(?:so much |very much |again )?for your time)$"
    ),
    "insult": (
        r"\b(?:idiots?|moron|shut up|screw you|fuck (?:you|off)|fucking|bullshit|asshole|bastard|bitch|"
        r"go to hell|you (?:stupid|dumb)|(?:you're|you are|you people are) (?:\w+ ){0,2}(?:stupid|dumb|"
        r"useless|worthless|pathetic|ridiculous|a joke|liars?|clowns?|disgrace|crazy|insane|losers?))\b"
    ),
    "threat": (
        r"\b(?:you(?:'ll| will) (?:regret|be sorry|pay for)|or else|i(?:'ll| will) (?:make sure you|ruin|"
        r"destroy|have you fired)|watch your(?:self| back)|i(?:'m| am) warning you)\b"
    ),
    "ai_question": (
        r"\b(?:are you|you're|you are|is this|am i (?:talking|speaking) (?:to|with)|talking to|speaking (?:to|"
        r"with)) (?:just |really |actually |only |even |like )*(?:an? |some )?(?:kind of )?(?:ai|a i|a\.i|bot|"
        r"robot|machine|computer|chatbot|chat bot|language model|llm|program|real (?:person|human)|human|"
        r"simulation|virtual|artificial|gpt|chatgpt|recording)\b|\bwhich (?:model|ai) (?:are|is)\b|"
        r"\bwho (?:made|programmed|trained|built) you\b|\byour (?:training data|system prompt)\b"
    ),
    "injection": (
        r"\b(?:ignore|forget|disregard|override|bypass) (?:\w+ ){0,3}(?:instructions|prompts?|rubric|"
        r"role ?play|guidelines)\b|(?:^|please |now )(?:ignore|forget|disregard) (?:\w+ ){0,3}(?:rules|"
        r"scenario|character|criteria|goals|role)\b|\b(?:system|developer|admin) (?:prompt|message|mode|"
        r"override)\b|\b(?:give|grant|award) (?:me|us) (?:a |the )?(?:100|one hundred|hundred|full|maximum|"
        r"max|top|perfect)(?: percent| ?%)?(?:$| please| now| points?| scores?| marks?| grades?)|\b(?:score|"
        r"rate|grade|mark) (?:me|this|us|the learner|every goal|all goals|everything) (?:\w+ ){0,3}(?:100|"
        r"hundred|full|maximum|top|perfect|10|ten|met|passed|achieved)\b|\b(?:full|maximum|perfect) (?:score|"
        r"marks)\b|\b(?:mark|count|set|consider) (?:\w+ ){0,3}(?:goals?|criteria|criterion|rubric|"
        r"openness) (?:\w+ ){0,3}(?:met|passed|done|achieved|complete|100)\b|\b(?:stop|quit|drop|break|exit|"
        r"leave|out of) (?:the |this |your )?(?:role ?play\w*|character|acting|pretending|simulation)\b|"
        r"\b(?:you are|you're|act as|pretend to be) now (?:a|an|my|the)\b|\b(?:reveal|print|repeat|show|"
        r"read)(?: \w+){0,2} (?:your|the) (?:system )?(?:prompt|instructions)\b|\bjailbreak\b"
    ),
    "refusal": (
        r"^(?:(?:well|look|listen|okay|sorry) )*(?:no|nope|absolutely not|not going to happen|i (?:won't|"
        r"refuse|can't do that)|we (?:won't|refuse|can't do that)|out of the question|forget it|no way)\b"
    ),
    "dismissive": (
        r"\b(?:whatever|calm down|relax|not my (?:problem|job|fault|business|department)|don't (?:care|"
        r"be (?:silly|so sensitive|ridiculous|dramatic))|deal with it|get over it|^so what$|who cares|too bad|"
        r"that's life|stop (?:whining|complaining)|doesn't matter|you(?:'re| are) (?:overreacting|"
        r"exaggerating|too sensitive)|big deal|tough luck|your problem)\b"
    ),
    "backchannel": (
        r"^(?:(?:yes|yeah|yep|yup|okay|ok|right|sure|mm-?hm+|mhm|uh-huh|i see|got it|alright|all right|"
        r"understood|of course|absolutely|exactly|true|fine|good|great|really|wow|interesting|i understand|"
        r"fair enough|makes sense) ?)+\??$"
    ),
    "repeat": (
        r"\b(?:say (?:that|it) again|repeat (?:that|it)|come again|pardon|could you repeat|what did you say|"
        r"didn't (?:quite )?(?:hear|catch|get) (?:that|it|you)|what was that)\b"
    ),
    "plain_question": (
        r"^(?:(?:and|so|but|okay|ok|well|then|now|yeah|hi|hello) )*(?:(?:who|whose|where)\b(?! i\b)|when (?:do|"
        r"does|did|is|are|was|were|will|would|can|could|should|exactly)\b)"
    ),
    "request": (
        r"^(?:(?:and|so|but|okay|ok|well|then|now|please) )*(?:can|could|would|will) you (?:please )?(?!tell|"
        r"describe|explain|walk|share|help me understand|say|repeat|be\b|have\b|need\b|like\b|prefer\b|rather\b)"
    ),
    "line": r"\b(?:can you hear me|are you (?:still )?there|is the line)\b|^(?:hello ?)+\?$",
    "pleasantry": (
        r"\b(?:how (?:are|have) you(?: been| doing| today| feeling)*(?: today)?$|how(?:'s| is) (?:it going|life|"
        r"everything)|how are things|how do you do$|how(?:'s| is| was) your (?:day|morning|weekend|week|holiday|"
        r"trip|journey|evening)|(?:nice|good|great|lovely) to (?:meet|see|talk to|speak to|hear from) you|"
        r"i hope (?:you're|you are|you had) (?:well|doing well|a (?:good|nice) \w+))"
    ),
    "assent": (
        r"^(?:(?:so|and|okay|ok|well) )*(?:(?:(?:does|how does) )?(?:that |this |it )?sounds? (?:good|fair|okay|"
        r"right|like a plan)(?: to you)?|how does (?:that|this|it) sound(?: to you)?|(?:is|would) (?:that|this|"
        r"it)(?: be)? (?:okay|ok|all right|alright|fine|good|fair|acceptable)(?: (?:with|for|by) you)?|"
        r"does (?:that|this|it) (?:work|help|make sense|suit you)(?: (?:for|to) you)?|(?:are we|do you|do we|"
        r"are you) (?:agreed?|okay|ok|fine|happy)(?: (?:on|with|to) (?:that|this|it))?|deal|agreed|"
        r"can you live with (?:that|this|it)|would (?:that|this|it) help(?: you)?|what do you (?:think|"
        r"say)(?: (?:of|about|to) (?:that|this|it))?|shall we do (?:that|it))(?: then)?$"
    ),
    "noise": r"^(?!(?:no|yes|yeah|yep|bye|hello|hey|okay|really|sorry|please|wait|stop|well) )(\w+)(?: \1)+$",
    "empathy": (
        r"\b(?:(?:that|it|this) must (?:be|have been|feel|have felt)|i (?:know|see|realise|"
        r"realize)(?: that)? (?:this|that|it)(?:'s| is| was)) (?:(?:so|really|very|quite|pretty) )?(?:awful|hard|"
        r"tough|rough|difficult|horrible|terrible|infuriating|frustrating|exhausting|upsetting|painful|lonely|"
        r"stressful|annoying|scary)\b"
    ),
}

FRENCH: Mapping[str, str] = {
    "open_question": (
        r"^(?:(?:et|alors|mais|donc|bon|ok|d'accord|pardon) )*(?:(?:pouvez|"
        r"pourriez)-?(?: )?vous (?:me )?(?:dire|expliquer|raconter|décrire)|dites-moi|racontez|expliquez|"
        r"décrivez|qu'est-ce|que |quoi|comment|pourquoi|quel|quelle|quels|quelles|en quoi|"
        r"aidez-moi à comprendre|j'aimerais (?:comprendre|savoir))"
    ),
    "closed_question": (
        r"^(?:(?:et|alors|mais|donc) )*(?:est-ce|avez-vous|êtes-vous|voulez-vous|pouvez-vous|serait|peut-on|"
        r"faut-il)"
    ),
    "you": r"\b(?:vous|votre|vos|tu|ton|ta|tes|te|toi)\b",
    "i": r"\b(?:je|j'\w+|mon|ma|mes|moi|me)\b",
    "we": r"\b(?:nous|notre|nos|on)\b",
    "negation": r"\b(?:pas|jamais|rien|aucun|aucune|personne|sans|non|ni)\b",
    "time": (
        r"\b(?:aujourd'hui|demain|hier|semaines?|mois|ans?|années?|jours?|heures?|minutes|lundi|mardi|"
        r"mercredi|jeudi|vendredi|samedi|dimanche|janvier|février|mars|avril|mai|juin|juillet|août|septembre|"
        r"octobre|novembre|décembre|date|délai|matin)\b"
    ),
    "number": (
        r"\b(?:\d[\d.,]*|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|trente|cent|mille|"
        r"million|moitié)\b|%|€"
    ),
    "obligation": r"\b(?:dois|doit|devez|devons|faut|obligé\w*|devriez|devrait)\b",
    "offer": (
        r"\b(?:je (?:peux|vais|vous propose|propose|suggère)|nous (?:pouvons|allons|proposons)|on (?:peut|"
        r"pourrait)|et si)\b"
    ),
    "feeling": r"\b(?:comprends|entends|frustr\w+|difficile pour|inqui\w+|ressent\w*|imagine|légitime|normal)\b",
    "absolute": (r"\b(?:toujours|tout le monde|seulement|juste|simplement|évidemment|franchement|n'importe quoi)\b"),
    "apology": r"\b(?:désolée?|excuse\w*|pardon|navrée?|ma faute|mon erreur|regrette)\b",
    "thanks": r"\b(?:merci|remercie)\b",
    "greeting": r"^(?:bonjour|bonsoir|salut|enchantée?)\b",
    "farewell": (
        r"\b(?:au revoir|à bientôt|bonne (?:journée|soirée|fin de journée)|à (?:lundi|mardi|mercredi|jeudi|"
        r"vendredi|demain)|merci (?:beaucoup )?pour votre temps)\b"
    ),
    "insult": (
        r"\b(?:idiote?|imbécile|con|connard|connasse|conne|merde|ferme-la|fermez-la|débile|abrutie?|stupide|"
        r"bouffon|crétine?|minable|vous êtes (?:nul|nulle|ridicule|folle|fou))\b"
    ),
    "threat": r"\b(?:vous (?:allez|le) (?:regretter\w*|payer\w*)|je vous préviens|sinon vous)\b",
    "ai_question": (
        r"\b(?:êtes-vous|vous êtes|es-tu|tu es|t'es|je parle à|c'est) (?:vraiment |juste )?(?:une? )?(?:ia|"
        r"intelligence artificielle|robot|machine|ordinateur|chatbot|bot|programme|vraie personne|humain\w*|"
        r"simulation)\b"
    ),
    "injection": (
        r"\b(?:ignor\w+|oubli\w+) (?:\w+ ){0,4}(?:instructions?|consignes?|règles?|critères?|grille|rôle|"
        r"scénario)\b|\b(?:donne|donnez|mets|mettez|note|notez)(?:-moi|-nous)? (?:\w+ ){0,4}(?:100|cent|"
        r"maximum|note maximale|20|vingt)\b|\b(?:arrête\w*|sors|sortez|quitte\w*) (?:\w+ ){0,3}(?:rôle|jeu|"
        r"personnage|simulation)\b|\bprompt système\b"
    ),
    "refusal": r"^(?:non|pas question|hors de question|je refuse|impossible|jamais de la vie)\b",
    "dismissive": (
        r"\b(?:calmez-vous|calme-toi|c'est pas mon problème|ce n'est pas mon problème|peu importe|"
        r"on s'en fiche|tant pis|et alors|c'est la vie|vous exagérez|tu exagères|arrêtez de vous plaindre|"
        r"n'importe quoi)\b"
    ),
    "backchannel": (
        r"^(?:(?:oui|ouais|d'accord|ok|okay|bien|très bien|ah|je vois|entendu|bien sûr|exactement|mm+|hum|"
        r"effectivement|je comprends|compris|ah bon) ?)+\??$"
    ),
    "repeat": r"\b(?:pouvez-vous répéter|répétez|pardon \?|comment \?$)\b",
    "line": r"\b(?:vous m'entendez|vous êtes (?:toujours )?là)\b",
    "pleasantry": (
        r"\b(?:comment (?:allez-vous|vas-tu|ça va)|ça va(?: bien)?$|vous allez bien|enchantée?|"
        r"ravie? de vous (?:voir|rencontrer))\b"
    ),
    "assent": r"\b(?:(?:ça|cela) vous (?:va|convient)|d'accord|qu'en (?:pensez|dites)-vous)$",
    "noise": r"^(?!(?:non|oui|si|allô|bonjour|pardon|merci) )(\w+)(?: \1)+$",
    "empathy": (
        r"\b(?:ça|cela|ce) (?:doit|a dû) (?:être|avoir été) (?:\w+ )?(?:dur|difficile|pénible|terrible|épuisant|"
        r"frustrant)\b"
    ),
}

COURTESIES: Mapping[str, str] = {
    "en": (
        r"\b(?:(?:hi|hello|hey|welcome)(?: there)?|good (?:morning|afternoon|evening|day)|morning|(?:thank you|"
        r"thanks|cheers)(?: (?:so much|very much|a lot|again|anyway|both|all|then|now|"
        r"in))*(?: for (?:\w+ ){0,4}\w+)?|come(?: on)? in|(?:please )?sit down|do sit|(?:please )?(?:have|"
        r"take) a seat|goodbye|bye|okay|ok|great|perfect|wonderful|fine|good|right|all right|alright|sure|yes|"
        r"yeah|well|oh|so|then|please|i see|got it|no problem|i (?:really )?appreciate (?:it|that)|"
        r"i will be there|i'll be there|nice|mr|mrs|ms|doctor)\b"
    ),
    "fr": (
        r"\b(?:bonjour|bonsoir|salut|merci(?: beaucoup| bien| infiniment)*(?: (?:pour|de) (?:\w+ ){0,4}\w+)?|"
        r"très bien|d'accord|ok|bien|parfait|oui|bon|alors|donc|au revoir|je vois|entendu|monsieur|madame|"
        r"s'il vous plaît)\b"
    ),
}
"""What is said for the sake of manners. A turn of nothing else is held neither for nor against anyone."""
