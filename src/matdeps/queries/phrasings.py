"""The phrasings that `ask` understands, as data: one pattern a way of asking, and the query it becomes.

In a pattern, ``<x>`` stands for names, ``<y>`` for the one name that is the target, ``<c>`` for a country,
``<kind>`` for kinds of nodes and ``<stage>`` for verbs of production; a word in braces for all that `_WORDS`
lists under it. Patterns are tried in order, and the first whose names are all known is taken: those that say
more come first.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from matdeps.graph.schema import KINDS

_KIND_WORDS: Mapping[str, tuple[str, ...]] = {
    **{word: (kind.name,) for kind in KINDS.values() for word in (kind.name, kind.plural)},
    "programme": ("program",),
    "programs": ("program",),
    "item": ("material", "intermediate", "product"),
    "items": ("material", "intermediate", "product"),
    "raw material": ("material",),
    "raw materials": ("material",),
    "company": ("customer", "supplier"),
    "companies": ("customer", "supplier"),
    "organisation": ("customer", "supplier"),
    "organisations": ("customer", "supplier"),
    "organization": ("customer", "supplier"),
    "organizations": ("customer", "supplier"),
    "maker": ("supplier",),
    "makers": ("supplier",),
    "producer": ("supplier",),
    "producers": ("supplier",),
}
_STAGE_WORDS: Mapping[str, str | None] = {
    "mine": "mine",
    "mines": "mine",
    "mined": "mine",
    "refine": "refine",
    "refines": "refine",
    "refined": "refine",
    "smelt": "smelt",
    "smelts": "smelt",
    "smelted": "smelt",
    **dict.fromkeys(("make", "makes", "made", "produce", "produces", "produced", "supply", "supplies")),
    **dict.fromkeys(("supplied", "manufacture", "manufactures", "manufactured", "sell", "sells", "sold")),
}


def _one_of(words: Mapping[str, Any]) -> str:
    one = "|".join(sorted(words, key=lambda word: (-len(word), word)))
    return rf"(?:{one})(?:(?: and | or |, and |, or |, ?)(?:{one}))*"


_WORDS: Mapping[str, str] = {
    "depends": (
        r"(?:(?:depends?|rel(?:y|ies)) (?:up)?on|uses?|needs?|requires?"
        r"|(?:(?:is|are) )?(?:exposed|dependent) (?:to|on))"
    ),
    "depend_on": r"(?:depends?|rel(?:y|ies)) (?:up)?on",
    "need": r"(?:needs?|uses?|requires?|consumes?)",
    "is": r"(?:is|are)",
    "does": r"(?:does|do)",
    "ask": r"(?:what|which(?: of (?:the|our))?|who|list(?: all)?|show(?: me| all)?|how many|everything|all)",
    "outside": r"(?:outside(?: of)?|other than in|not in|except in)",
    "controls": r"(?:(?:export |trade )?(?:controls?|restrictions?|bans?|licen[cs]e duties|export rules?))",
    "bind": (
        r"(?:bind|apply to|restrict|cover|affect|concern|hit|limit|exist for|(?:are )?in force (?:for|on)"
        r"|are (?:there )?(?:on|for)|there are (?:on|for))"
    ),
    "toward": (
        r"(?:towards?|to|against|for|(?:on|for) (?:its )?(?:exports?|shipments|deliveries) (?:in)?to"
        r"|in the direction of|when (?:exported|shipped|sold) to)"
    ),
    "controlled": (r"(?:(?:export[- ])?(?:controlled|restricted|banned|licensed)|under (?:export )?controls?)"),
    "people": (r"(?:(?:which|what) (?:countries|country|companies|company|firms|suppliers?|makers?|producers?))"),
    "exports": r"(?:(?:the )?(?:exports?|shipments) of )?",
    "reach": r"(?:reach|get into|get to|end up in|flow into|go into|affect|enter)",
    "said": r"(?:claimed|said|alleged|asserted|reported)",
}
_SLOTS: Mapping[str, str] = {
    "x": r"(?P<x>.+?)",
    "y": r"(?P<y>.+?)",
    "c": r"(?P<c>.+?)",
    # As many words as can be, where <x> takes as few.
    "X": r"(?P<x>.+)",
    "kind": rf"(?P<kind>{_one_of(_KIND_WORDS)})",
    "stage": rf"(?P<stage>{_one_of(_STAGE_WORDS)})",
}


_CUES: Mapping[str, re.Pattern[str]] = {
    query: re.compile(cue, re.IGNORECASE)
    for query, cue in {
        "coverage": r"know|missing|gap|coverage",
        "controls": r"control|restrict|bind|ban|licen|rule",
        "claims": r"claim|said|alleged|asserted|report|say",
        "why": r"^(?:why|how|is|are|does|do|through|by)\b",
        "sources": r"^(?:who|where)\b|countr|compan|firm|supplier|maker|producer|source",
        "depends": r"\b(?:does|do|goe?s?|made|needed|required|used|exposed|dependent)\b|依",
        "exposed": "",
        "show": "",
        "find": "",
    }.items()
}
"""What a question of each query holds at least."""


@dataclass(frozen=True, slots=True)
class Phrasing:
    """A way of asking, and what it becomes.

    Attributes
    ----------
    pattern
        As described above; matches the whole question, without its date, view and question mark.
    query
        Name of the canned query.
    template
        The phrasing as shown to people, with ``{x}``, ``{y}``, ``{c}``; empty for a variant of another.
    fixed
        Arguments that it always has.
    is_weak
        Whether it takes almost anything for a name, so that an unknown name says nothing.
    """

    pattern: str
    query: str
    template: str = ""
    fixed: Mapping[str, Any] = field(default_factory=dict)
    is_weak: bool = False

    def find_slots(self, question: str) -> list[dict[str, str]]:
        """Find what stands in the slots, in each way the question matches; empty where it does not."""
        # Compiling all patterns takes longer than answering: most are ruled out by a word that is not there.
        if not _CUES[self.query].search(question):
            return []
        # A name may hold the very word that ends it ("Path to Zero"): both ends are tried, the first first.
        variants = dict.fromkeys((self.pattern.replace("<X>", "<x>"), self.pattern))
        matches = [match for variant in variants if (match := _compile(variant).fullmatch(question))]
        found = [{name: text.strip(" ,") for name, text in match.groupdict().items() if text} for match in matches]
        return found[:1] if len(found) == 2 and found[0] == found[1] else found


def _phrase(query: str, pattern: str, template: str = "", *, weak: bool = False, **fixed: Any) -> Phrasing:
    return Phrasing(pattern, query, template, fixed, weak)


@cache
def _compile(pattern: str) -> re.Pattern[str]:
    filled = re.sub(r"\{([a-z_]+)\}", lambda match: _WORDS[match[1]], pattern)
    return re.compile(re.sub(r"<(\w+)>", lambda match: _SLOTS[match[1]], filled), re.IGNORECASE)


PHRASES: tuple[Phrasing, ...] = (
    # -- the graph itself
    _phrase(
        "coverage",
        "what {does} (?:the|this|our|your) (?:graph|data|data ?base|store) not know",
        "what does the graph not know",
    ),
    _phrase(
        "coverage",
        "what {is} (?:not known|unknown|missing)|(?:what are )?(?:the )?gaps|coverage"
        "|what do(?:n't| not) (?:we|you) know|what do (?:we|you) not know",
    ),
    # -- controls
    _phrase(
        "controls",
        "{ask} {controls} {bind} {exports}<X> {toward} <c>",
        "what controls bind {x} toward {c} on {date}",
    ),
    _phrase("controls", "{ask} {controls} {bind} {exports}<x>", "which controls apply to {x}"),
    _phrase("controls", "(?:{ask} )?(?:the )?{controls} (?:on|for|that bind|of) {exports}<X> {toward} <c>"),
    _phrase("controls", "(?:{ask} )?(?:the )?{controls} (?:on|for|that bind|of) {exports}<x>", "controls on {x}"),
    _phrase("controls", "(?:{ask} )?(?:the )?{controls}(?: {is})?(?: there)?(?: in force| active)? {toward} <c>"),
    _phrase(
        "controls",
        "(?:{ask} )?(?:the )?{controls}(?: {is})?(?: there)?(?: in force| active)?",
        "what controls are in force",
    ),
    _phrase(
        "controls",
        "{is} {exports}<x> {controlled} {toward} <c>",
        "is {x} controlled toward {c}",
    ),
    _phrase(
        "controls",
        "{is} {exports}<x> {controlled}",
    ),
    _phrase("controls", "what (?:controls|restricts|binds|bans) {exports}<X> {toward} <c>"),
    _phrase("controls", "what (?:controls|restricts|binds|bans) {exports}<x>"),
    _phrase("controls", "what {does} <x> (?:bind|restrict|control|ban|cover)", "what does {control} bind"),
    # -- claims
    _phrase("claims", "what (?:is|was|has been) {said} about <x>", "what is claimed about {x}"),
    _phrase("claims", "what claims (?:are there|exist|do we have|do you know) (?:about|on) <x>"),
    _phrase("claims", "(?:{ask} )?(?:the )?claims (?:{is} |that are )?(?:about|on|concern|mention|name) <x>"),
    _phrase("claims", "what do (?:people|they|sources) (?:claim|say|report) about <x>"),
    _phrase(
        "claims",
        "(?:what|which) claims (?:are there|exist|do we have|do you know)|what is claimed"
        "|(?:list |show )?(?:all )?(?:the )?claims",
        "what claims are there",
    ),
    # -- why
    _phrase("why", "why {is} <y> (?:exposed|dependent) (?:to|on) <x>", "why is {y} exposed to {x}"),
    _phrase("why", "(?:why|how) {does} <y> (?:{depend_on}|{need}) <x>", "why does {y} depend on {x}"),
    _phrase("why", "how {is} <y> (?:exposed|dependent) (?:to|on) <x>"),
    _phrase("why", "(?:how|through what|by what path) {does} <x> {reach} <y>", "how does {x} reach {y}"),
    _phrase("why", "{is} <y> (?:exposed|dependent) (?:to|on) <x>", "is {y} exposed to {x}", k=1),
    _phrase("why", "{does} <y> (?:{depend_on}|{need}) <x>", "does {y} depend on {x}", k=1),
    _phrase("why", "{does} <y> contain <x>", "does {y} contain {x}", k=1, through="contained"),
    # -- sources
    _phrase("sources", "who {outside} <c> <stage> <x>"),
    _phrase("sources", "where {outside} <c> {is} <x> <stage>"),
    _phrase("sources", "who <stage> <X> {outside} <c>", "who makes {x} outside {c}"),
    _phrase("sources", "who <stage> <x>", "who makes {x}"),
    _phrase(
        "sources",
        "{people} <stage> <X> {outside} <c>",
    ),
    _phrase(
        "sources",
        "{people} <stage> <x>",
        "which countries refine {x}",
    ),
    _phrase(
        "sources",
        "(?:who are|list|show) (?:the )?(?:makers|producers|suppliers|sources) of <X> {outside} <c>",
    ),
    _phrase("sources", "(?:who are|list|show) (?:the )?(?:makers|producers|suppliers|sources) of <x>"),
    _phrase("sources", "where {is} <x> <stage> {outside} <c>"),
    _phrase("sources", "where {is} <x> <stage>", "where is {x} mined"),
    _phrase("sources", "where {does} <x> come from {outside} <c>"),
    _phrase("sources", "where {does} <x> come from", "where does {x} come from"),
    # -- depends
    _phrase(
        "depends",
        "{ask} <kind> {does} <x> (?:{depend_on}|{need})",
        "which materials does {y} depend on",
    ),
    _phrase(
        "depends",
        "{ask} <kind> {is} <x> (?:made (?:of|from|out of|with)|dependent on|exposed to)",
    ),
    _phrase("depends", "{ask} <kind> (?:that )?goe?s? into (?:making |the making of )?<x>"),
    _phrase(
        "depends",
        "{ask} <kind> {is} (?:needed|required|used) (?:for|to make|to build|to produce|in|by) <x>",
    ),
    _phrase("depends", "(?:what|who) {does} <x> {depend_on}", "what does {y} depend on"),
    _phrase("depends", "what {does} <x> {need}", "what does {y} need"),
    _phrase("depends", "what {does} <x> contain", "what does {y} contain", through="contained"),
    _phrase("depends", "{ask} <kind> {does} <x> contain", through="contained"),
    _phrase("depends", "what (?:all )?goe?s? into (?:making |the making of )?<x>", "what goes into {y}"),
    _phrase("depends", "what {is} <x> made (?:of|from|out of|with)", "what is {y} made of"),
    _phrase(
        "depends",
        "what {is} (?:needed|required|used) (?:for|to make|to build|to produce|in|by) <x>",
        "what is needed for {y}",
    ),
    _phrase("depends", "(?:what|who) {is} <x> (?:exposed to|dependent on)"),
    _phrase("depends", "<x>(?:は|が)?何に依存(?:している|する|しています|します)か?"),
    _phrase("depends", "<x>依赖(?:于)?什么"),
    # -- exposed
    _phrase("exposed", "{ask}(?: the)? <kind>(?: that| which)? contains? <x>", through="contained"),
    _phrase("exposed", "(?:what|everything|all)(?: that)? contains? <x>", "what contains {x}", through="contained"),
    _phrase("exposed", "{ask}(?: the)? <kind>(?: that| which)? {depends} <x>", "which programmes need {x}"),
    _phrase(
        "exposed",
        "(?:{ask} )?(?:what|who|everything|anything|all)(?: that| which)? {depends} <x>",
        "what depends on {x}",
    ),
    _phrase("exposed", "(?:what|which|who) (?:would )?(?:be )?(?:exposed|dependent) (?:to|on) <x>"),
    _phrase("exposed", "what {is} (?:made (?:with|from|of)|affected by) <x>"),
    _phrase("exposed", "<x>に依存(?:する|している)(?:もの|物|の)(?:は(?:何(?:です)?か?)?)?"),
    _phrase("exposed", "(?:什么|哪些|谁)(?:东西|产品)?依赖(?:于)?<x>"),
    # -- one node
    _phrase("show", "(?:what|who) {is} <x>", "what is {x}", weak=True),
    _phrase(
        "show",
        "(?:tell me (?:all )?about|describe|what do (?:we|you) know about|everything about) <x>",
        "tell me about {x}",
        weak=True,
    ),
    _phrase("find", "(?:find|search(?: for)?|look up|look for|is there(?: an?)?) <x>", "find {x}", weak=True),
    _phrase("show", "show(?: me)? <x>", "show {x}", weak=True),
)


def get_kinds(words: str) -> list[str]:
    """Turn words for kinds ("products and programmes") into names of kinds, in the order of the schema."""
    named = {kind for word in _split_words(words) for kind in _KIND_WORDS[word]}
    return [kind for kind in KINDS if kind in named]


def get_stage(words: str) -> str | None:
    """Turn a verb of production ("mined") into a stage; None where it names none, or several are named."""
    stages = {_STAGE_WORDS[word] for word in _split_words(words)}
    return stages.pop() if len(stages) == 1 else None


def _split_words(words: str) -> list[str]:
    return [word for word in re.split(r"(?:,| and | or )\s*", words.casefold()) if word.strip()]


_EXAMPLE = {
    "x": "terbium",
    "y": "the F-15J upgrade",
    "c": "Japan",
    "date": "2026-07-01",
    "control": "control:cn-mofcom-2026-01",
}
PHRASINGS: tuple[tuple[str, str], ...] = tuple(
    (
        phrasing.template.format(**{**_EXAMPLE, "c": "China" if phrasing.query == "sources" else "Japan"}),
        phrasing.query,
    )
    for phrasing in PHRASES
    if phrasing.template
)
"""An example of each phrasing, and the canned query that it becomes."""
