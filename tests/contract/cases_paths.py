"""Which path a row describes: classes, ties, dates, confidence, own hits (sections 3 to 6)."""

from tests.contract.case_language import case

CASES = [
    case(
        "three nested views",
        "Section 3: none is contained, consumable and tooling are consumed, equipment is all; the default view is consumed.",
        """
        m:a INPUT_TO i:in
        m:a INPUT_TO i:used {role: process_consumable}
        m:a INPUT_TO i:worn {role: tooling}
        m:a INPUT_TO i:machine {role: equipment}
        m:a USED_IN g:f {role: tooling}
        """,
        "exposed m:a",
        {
            "i:in": "1 contained definite confirmed = m:a INPUT_TO i:in",
            "i:used": "1 consumed definite confirmed = m:a INPUT_TO i:used",
            "i:worn": "1 consumed definite confirmed = m:a INPUT_TO i:worn",
            "g:f": "1 consumed definite confirmed = m:a USED_IN g:f",
        },
    ),
    case(
        "certainty comes before the view",
        "Nine classes, definite first: c is reached definitely by equipment in 2 hops, minor and contained in 1: the row is the definite one.",
        """
        m:a INPUT_TO p:c {criticality: minor}
        m:a INPUT_TO i:b
        i:b INPUT_TO p:c {role: equipment}
        """,
        "exposed m:a",
        {
            "i:b": "1 contained definite confirmed = m:a INPUT_TO i:b",
            "p:c": "2 all definite confirmed = m:a INPUT_TO i:b INPUT_TO p:c",
        },
        through="all",
    ),
    case(
        "outside the view the minor path is the row",
        "The same graph without equipment: minor is definite and said to be minor.",
        """
        m:a INPUT_TO p:c {criticality: minor}
        m:a INPUT_TO i:b
        i:b INPUT_TO p:c {role: equipment}
        """,
        "exposed m:a",
        {
            "i:b": "1 contained definite confirmed = m:a INPUT_TO i:b",
            "p:c": "1 contained definite confirmed minor = m:a INPUT_TO p:c",
        },
    ),
    case(
        "minor comes before possible",
        "c: possible in one hop (IS_A), minor in two.",
        """
        i:a IS_A p:c
        i:a INPUT_TO i:b {criticality: minor}
        i:b INPUT_TO p:c
        """,
        "exposed i:a",
        {
            "i:b": "1 contained definite confirmed minor = i:a INPUT_TO i:b",
            "p:c": "2 contained definite confirmed minor = i:a INPUT_TO i:b INPUT_TO p:c",
        },
    ),
    case(
        "a possible path may cross a minor input and says so",
        "Section 6: minor is said also where the path is only possible.",
        """
        m:a YIELDS m:b
        m:b INPUT_TO p:c {criticality: minor}
        """,
        "exposed m:a",
        {
            "m:b": "1 contained possible confirmed = m:a YIELDS m:b",
            "p:c": "2 contained possible confirmed minor = m:a YIELDS m:b INPUT_TO p:c",
        },
    ),
    case(
        "a possible contained path holds no consumable",
        "d: possible by a consumable in 2 hops, possible and contained in 3; the narrower class is the row.",
        """
        m:a YIELDS m:b
        m:b INPUT_TO p:d {role: process_consumable}
        m:b INPUT_TO i:c
        i:c INPUT_TO p:d
        """,
        "exposed m:a",
        {
            "m:b": "1 contained possible confirmed = m:a YIELDS m:b",
            "i:c": "2 contained possible confirmed = m:a YIELDS m:b INPUT_TO i:c",
            "p:d": "3 contained possible confirmed = m:a YIELDS m:b INPUT_TO i:c INPUT_TO p:d",
        },
    ),
    case(
        "tier is the fewest hops of the class, not of all classes",
        "c is contained in 2 hops and consumed in 1.",
        """
        m:a INPUT_TO p:c {role: tooling}
        m:a INPUT_TO i:b
        i:b INPUT_TO p:c
        """,
        "exposed m:a",
        {"p:c": "2 contained definite confirmed = m:a INPUT_TO i:b INPUT_TO p:c"},
        kind=["product"],
    ),
    case(
        "--max-tier bounds the walk, so the class may be a worse one",
        "Within one hop c is reached by tooling only.",
        """
        m:a INPUT_TO p:c {role: tooling}
        m:a INPUT_TO i:b
        i:b INPUT_TO p:c
        """,
        "exposed m:a",
        {"p:c": "1 consumed definite confirmed = m:a INPUT_TO p:c"},
        kind=["product"],
        max_tier=1,
    ),
    case(
        "own parts",
        "STANDS_FOR accepted is definite, proposed and undecided are possible.",
        """
        i:m STANDS_FOR p:yes {decision: accepted}
        i:m STANDS_FOR p:maybe {decision: proposed, score: 0.8}
        i:m STANDS_FOR p:open
        """,
        "exposed i:m",
        {
            "p:yes": "1 contained definite confirmed = i:m STANDS_FOR p:yes",
            "p:maybe": "1 contained possible confirmed = i:m STANDS_FOR p:maybe",
            "p:open": "1 contained possible confirmed = i:m STANDS_FOR p:open",
        },
    ),
    case(
        "look-ups are not walked",
        "Scrap, substitutes, places and groups carry no exposure; what is yielded does not reach its host.",
        """
        m:a RECYCLES_TO m:b
        m:a SUBSTITUTES_FOR m:c
        m:a MEMBER_OF m:group
        m:host YIELDS m:a
        made m:a mine k:CN 2024 share=0.5
        """,
        "exposed m:a",
    ),
    case(
        "the kinds of an item stand for it",
        "Kinds of kinds too, as anchors: definite. A kind is a start and no hit.",
        """
        p:euv IS_A p:litho reported
        p:high-na IS_A p:euv
        p:high-na INPUT_TO p:chip
        p:euv INPUT_TO p:chip2
        p:litho INPUT_TO p:chip3
        """,
        "exposed p:litho",
        {
            "p:chip": "1 contained definite reported start=p:high-na = p:euv IS_A p:litho, p:high-na IS_A p:euv, p:high-na INPUT_TO p:chip",
            "p:chip2": "1 contained definite reported start=p:euv = p:euv IS_A p:litho, p:euv INPUT_TO p:chip2",
            "p:chip3": "1 contained definite confirmed start=p:litho = p:litho INPUT_TO p:chip3",
        },
    ),
    case(
        "depends does not start from kinds, and reads IS_A upwards as possible",
        "IS_A anchors are for exposed, why and whatif; walked against the arrow the kind is a possible dependency.",
        """
        p:euv IS_A p:litho
        m:a INPUT_TO p:euv
        m:b INPUT_TO p:litho
        """,
        "depends p:litho",
        {
            "p:euv": "1 contained possible confirmed = p:euv IS_A p:litho",
            "m:b": "1 contained definite confirmed = m:b INPUT_TO p:litho",
            "m:a": "2 contained possible confirmed = m:a INPUT_TO p:euv IS_A p:litho",
        },
    ),
    case(
        "from the node back: the surest last hop, whatever lies before it",
        "Both ways are two hops; the confirmed last hop by z wins though its first hop is inferred.",
        """
        m:a INPUT_TO i:b
        i:b INPUT_TO p:c reported
        m:a INPUT_TO i:z inferred
        i:z INPUT_TO p:c
        """,
        "exposed m:a",
        {"p:c": "2 contained definite inferred = m:a INPUT_TO i:z INPUT_TO p:c"},
        kind=["product"],
    ),
    case(
        "equally sure: the smallest tail id at the last hop",
        "The last hop decides before the first: b before c, though c's own tail is smaller.",
        """
        m:x INPUT_TO i:1
        m:x INPUT_TO i:2
        i:2 INPUT_TO i:b
        i:1 INPUT_TO i:c
        i:b INPUT_TO p:d
        i:c INPUT_TO p:d
        """,
        "exposed m:x",
        {"p:d": "3 contained definite confirmed = m:x INPUT_TO i:2 INPUT_TO i:b INPUT_TO p:d"},
        kind=["product"],
    ),
    case(
        "parallel links: the smallest key",
        "Type, then the properties as JSON with sorted keys: essential before major; seen in the source that was read.",
        """
        m:a INPUT_TO i:b {criticality: major}
        m:a INPUT_TO i:b {criticality: essential} @seen
        """,
        "exposed m:a",
        {"i:b": "1 contained definite confirmed unchecked=0 = m:a INPUT_TO i:b"},
    ),
    case(
        "parallel links: the surest before the smallest key",
        "The reported one has the smaller key.",
        """
        m:a INPUT_TO i:b {criticality: major} @seen
        m:a INPUT_TO i:b {criticality: essential} reported
        """,
        "exposed m:a",
        {"i:b": "1 contained definite confirmed unchecked=0 = m:a INPUT_TO i:b"},
    ),
    case(
        "links of two types between two nodes: the type is the first part of the key",
        "INPUT_TO before STANDS_FOR.",
        """
        i:a STANDS_FOR p:b {decision: accepted}
        i:a INPUT_TO p:b
        """,
        "exposed i:a",
        {"p:b": "1 contained definite confirmed = i:a INPUT_TO p:b"},
    ),
    case(
        "depends breaks ties from the row's node on",
        "At each step the smallest head id: from a by b, not by c; upstream of the row's node nothing counts.",
        """
        m:a INPUT_TO i:b
        m:a INPUT_TO i:c
        i:b INPUT_TO i:z
        i:c INPUT_TO i:y
        i:z INPUT_TO p:d
        i:y INPUT_TO p:d
        """,
        "depends p:d",
        {"m:a": "3 contained definite confirmed = m:a INPUT_TO i:b INPUT_TO i:z INPUT_TO p:d"},
        kind=["material"],
    ),
    case(
        "depends: the surest hop from the row's node on",
        "The first hop by c is surer than that by b; what follows is less sure and still taken.",
        """
        m:a INPUT_TO i:b reported
        m:a INPUT_TO i:c
        i:b INPUT_TO p:d
        i:c INPUT_TO p:d inferred
        """,
        "depends p:d",
        {"m:a": "2 contained definite inferred = m:a INPUT_TO i:c INPUT_TO p:d"},
        kind=["material"],
    ),
    case(
        "a start is a hit through a path back to itself",
        "Round the loop of its own; b is reached by a in one hop but is a start too: its row is its own loop.",
        """
        i:a INPUT_TO i:b
        i:b INPUT_TO i:a reported
        """,
        "exposed i:a i:b",
        {
            "i:a": "2 contained definite reported start=i:a = i:a INPUT_TO i:b INPUT_TO i:a",
            "i:b": "2 contained definite reported start=i:b = i:b INPUT_TO i:a INPUT_TO i:b",
        },
    ),
    case(
        "a start that only another start leads to is no hit",
        "And nothing is said of its makers.",
        """
        i:a INPUT_TO i:b
        s:o PRODUCES i:b
        """,
        "exposed i:a i:b",
    ),
    case(
        "the node asked about may depend on itself",
        "depends mirrors the rule of starts.",
        """
        i:a INPUT_TO i:b {criticality: minor}
        i:b INPUT_TO i:a
        """,
        "depends i:a",
        {
            "i:b": "1 contained definite confirmed = i:b INPUT_TO i:a",
            "i:a": "2 contained definite confirmed minor = i:a INPUT_TO i:b INPUT_TO i:a",
        },
    ),
    case(
        "default kinds of exposed",
        "Products, programmes and customers.",
        """
        m:a INPUT_TO i:b
        m:a INPUT_TO p:c
        m:a USED_IN g:f
        m:a SOLD_TO s:o
        s:plain PRODUCES i:b
        """,
        "exposed m:a",
        {
            "p:c": "1 contained definite confirmed = m:a INPUT_TO p:c",
            "g:f": "1 contained definite confirmed = m:a USED_IN g:f",
            "s:o": "1 contained definite confirmed = m:a SOLD_TO s:o",
        },
        kind=None,
    ),
    case(
        "default kinds of depends",
        "Items and suppliers; a customer by id that makes something carries the label too.",
        """
        m:a INPUT_TO p:c
        s:o PRODUCES p:c
        c:e PRODUCES p:c
        p:c USED_IN g:f
        """,
        "depends g:f",
        {
            "p:c": "1 contained definite confirmed = p:c USED_IN g:f",
            "m:a": "2 contained definite confirmed = m:a INPUT_TO p:c USED_IN g:f",
            "s:o": "2 contained definite confirmed = s:o PRODUCES p:c USED_IN g:f",
            "c:e": "2 contained definite confirmed = c:e PRODUCES p:c USED_IN g:f",
        },
        kind=None,
    ),
    case(
        "first and last day of a link are inside",
        "Seen on the last day of one and the first of the other.",
        """
        m:a INPUT_TO i:b {valid_to: 2026-07-01}
        m:a INPUT_TO i:c {valid_from: 2026-07-01}
        m:a INPUT_TO i:d {valid_to: 2026-06-30}
        m:a INPUT_TO i:e {valid_from: 2026-07-02}
        """,
        "exposed m:a",
        {
            "i:b": "1 contained definite confirmed = m:a INPUT_TO i:b",
            "i:c": "1 contained definite confirmed = m:a INPUT_TO i:c",
        },
    ),
    case(
        "a node that has ended is neither reached nor walked through",
        "Nodes carry dates too.",
        """
        node i:b {valid_to: 2026-06-30}
        m:a INPUT_TO i:b
        i:b INPUT_TO p:c
        """,
        "exposed m:a",
    ),
    case(
        "an input that has ended opens its item again",
        "Every question sees only what is valid on its day: c has no recorded input any more, so the firm is left into it.",
        """
        m:a SOLD_TO s:o
        s:o PRODUCES p:c
        m:z INPUT_TO p:c {valid_to: 2026-06-30}
        """,
        "exposed m:a",
        {
            "s:o": "1 contained definite confirmed = m:a SOLD_TO s:o",
            "p:c": "2 contained possible confirmed = m:a SOLD_TO s:o PRODUCES p:c",
        },
    ),
    case(
        "a planned use is walked like any other",
        "Only PRODUCES is stopped by planned.",
        "m:a USED_IN g:f {status: planned}",
        "exposed m:a",
        {"g:f": "1 contained definite confirmed = m:a USED_IN g:f"},
    ),
    case(
        "--confidence leaves out less sure hops",
        "c has a reported way in one hop and a confirmed one in two.",
        """
        m:a INPUT_TO p:c reported
        m:a INPUT_TO i:b
        i:b INPUT_TO p:c
        """,
        "exposed m:a",
        {"p:c": "2 contained definite confirmed = m:a INPUT_TO i:b INPUT_TO p:c"},
        kind=["product"],
        confidence="confirmed",
    ),
    case(
        "--checked leaves out flow hops that nobody read, and no anchors",
        "The group link was not read; a maker's hop is a flow hop.",
        """
        m:tb MEMBER_OF m:heavy reported
        m:tb INPUT_TO i:b @seen
        m:tb INPUT_TO i:c
        s:o PRODUCES i:b
        s:q PRODUCES i:b @seen
        """,
        "exposed m:heavy",
        {
            "i:b": "1 contained definite reported unchecked=0 start=m:tb = m:tb MEMBER_OF m:heavy, m:tb INPUT_TO i:b",
            "s:q": "2 contained definite reported unchecked=0 start=m:tb = m:tb MEMBER_OF m:heavy, m:tb INPUT_TO i:b, s:q PRODUCES i:b",
        },
        checked=True,
    ),
    case(
        "one read source is enough",
        "A hop with two sources, one read, is checked.",
        "m:a INPUT_TO i:b @hand|seen",
        "exposed m:a",
        {"i:b": "1 contained definite confirmed unchecked=0 = m:a INPUT_TO i:b"},
        checked=True,
    ),
    case(
        "what depends on a programme",
        "RUN_BY: its operator, who takes nothing else.",
        "g:f RUN_BY c:e reported",
        "exposed g:f",
        {"c:e": "1 contained definite reported = g:f RUN_BY c:e"},
    ),
    case(
        "a firm that buys back what it makes depends on itself",
        "Its own first hop is free, and the path leads from itself back to itself.",
        """
        s:o PRODUCES i:b
        i:b SOLD_TO s:o
        """,
        "exposed s:o",
        {
            "i:b": "1 contained definite confirmed = s:o PRODUCES i:b",
            "s:o": "2 contained definite confirmed start=s:o = s:o PRODUCES i:b SOLD_TO s:o",
        },
    ),
]
