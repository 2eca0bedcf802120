"""Companies in the middle: the four rules of section 3, worked out by hand."""

from tests.contract.case_language import case

CASES = [
    case(
        "named delivery carries its item",
        "Rule 1 and 4: SUPPLIES_TO with an item is a SOLD_TO from the item too, with that link's confidence and sources.",
        """
        m:a INPUT_TO i:b
        s:o SUPPLIES_TO c:e {item: i:b} reported @seen
        """,
        "exposed m:a",
        {
            "i:b": "1 contained definite confirmed unchecked=1 = m:a INPUT_TO i:b",
            "c:e": "2 contained definite reported unchecked=1 = m:a INPUT_TO i:b SOLD_TO c:e",
        },
    ),
    case(
        "derived delivery has the dates of its link: last day",
        "Rule 4, both days inside.",
        "s:o SUPPLIES_TO c:e {item: i:b, valid_from: 2026-01-01, valid_to: 2026-06-30}",
        "exposed i:b",
        {"c:e": "1 contained definite confirmed = i:b SOLD_TO c:e"},
        as_of="2026-06-30",
    ),
    case(
        "derived delivery has the dates of its link: day after",
        "Rule 4.",
        "s:o SUPPLIES_TO c:e {item: i:b, valid_from: 2026-01-01, valid_to: 2026-06-30}",
        "exposed i:b",
    ),
    case(
        "an item with recorded inputs is not reached through its maker",
        "Rule 2: a firm that receives terbium does not put it into everything it makes.",
        """
        m:a SOLD_TO s:o
        s:o PRODUCES p:c
        m:z INPUT_TO p:c
        """,
        "exposed m:a",
        {"s:o": "1 contained definite confirmed = m:a SOLD_TO s:o"},
    ),
    case(
        "recorded inputs count in any view and however sure",
        "Rule 2: the only recorded input of c is equipment, inferred; neither is walked here, and c stays closed.",
        """
        m:a SOLD_TO s:o
        s:o PRODUCES p:c
        p:tool INPUT_TO p:c {role: equipment} inferred
        """,
        "exposed m:a",
        {"s:o": "1 contained definite confirmed = m:a SOLD_TO s:o"},
        through="contained",
        confidence="confirmed",
    ),
    case(
        "a firm is left into an item without inputs, possibly",
        "Rule 2; the item is reached by PRODUCES, so its other makers are competitors (rule 3).",
        """
        m:a SOLD_TO s:o
        s:o PRODUCES p:c
        s:rival PRODUCES p:c
        p:c USED_IN g:f
        """,
        "exposed m:a",
        {
            "s:o": "1 contained definite confirmed = m:a SOLD_TO s:o",
            "p:c": "2 contained possible confirmed = m:a SOLD_TO s:o PRODUCES p:c",
            "g:f": "3 contained possible confirmed = m:a SOLD_TO s:o PRODUCES p:c USED_IN g:f",
        },
    ),
    case(
        "a firm is left by nameless links only, possibly",
        "Rule 2: the link to q names its item and is carried by it, so q is not reached.",
        """
        m:a SOLD_TO s:o
        s:o SUPPLIES_TO s:p
        s:o SUPPLIES_TO s:q {item: i:x}
        """,
        "exposed m:a",
        {
            "s:o": "1 contained definite confirmed = m:a SOLD_TO s:o",
            "s:p": "2 contained possible confirmed = m:a SOLD_TO s:o SUPPLIES_TO s:p",
        },
    ),
    case(
        "the first hop of a question about a firm is free",
        "Rule 2, first exception: into an item with inputs, and by a link that names its item; both definite.",
        """
        m:z INPUT_TO p:c
        s:o PRODUCES p:c
        s:o SUPPLIES_TO s:q {item: i:x}
        s:q SUPPLIES_TO s:r
        """,
        "exposed s:o",
        {
            "p:c": "1 contained definite confirmed = s:o PRODUCES p:c",
            "s:q": "1 contained definite confirmed = s:o SUPPLIES_TO s:q",
            "s:r": "2 contained possible confirmed = s:o SUPPLIES_TO s:q SUPPLIES_TO s:r",
        },
    ),
    case(
        "a chain of nameless links is definite, and ends at the programme's owner",
        "Rule 2, second exception: p1 to p3 and on by RUN_BY; the owner is entered on the way by RUN_BY, so what it supplies is possible.",
        """
        s:p1 SUPPLIES_TO s:p2
        s:p2 SUPPLIES_TO s:p3
        s:p3 SUPPLIES_TO g:f
        g:f RUN_BY c:e
        c:e SUPPLIES_TO s:q
        """,
        "exposed s:p1",
        {
            "s:p2": "1 contained definite confirmed = s:p1 SUPPLIES_TO s:p2",
            "s:p3": "2 contained definite confirmed = s:p1 SUPPLIES_TO s:p2 SUPPLIES_TO s:p3",
            "g:f": "3 contained definite confirmed = s:p1 SUPPLIES_TO s:p2 SUPPLIES_TO s:p3 SUPPLIES_TO g:f",
            "c:e": "4 contained definite confirmed = s:p1 SUPPLIES_TO s:p2 SUPPLIES_TO s:p3 SUPPLIES_TO g:f RUN_BY c:e",
            "s:q": "5 contained possible confirmed = s:p1 SUPPLIES_TO s:p2 SUPPLIES_TO s:p3 SUPPLIES_TO g:f RUN_BY c:e SUPPLIES_TO s:q",
        },
    ),
    case(
        "the way in decides whether a firm may be left surely",
        "q is entered in one hop by a named link and in two by nameless ones; only the second lets it be left with certainty. r: definite in 3, not possible in 2.",
        """
        s:o SUPPLIES_TO s:q {item: i:x}
        s:o SUPPLIES_TO s:p
        s:p SUPPLIES_TO s:q
        s:q SUPPLIES_TO s:r
        """,
        "exposed s:o",
        {
            "s:p": "1 contained definite confirmed = s:o SUPPLIES_TO s:p",
            "s:q": "1 contained definite confirmed = s:o SUPPLIES_TO s:q",
            "s:r": "3 contained definite confirmed = s:o SUPPLIES_TO s:p SUPPLIES_TO s:q SUPPLIES_TO s:r",
        },
    ),
    case(
        "a delivery to a programme is no delivery to a firm",
        "Rule 2 is about organisations: a programme is left freely.",
        """
        s:o SUPPLIES_TO g:f {item: i:x}
        g:f RUN_BY c:e
        """,
        "exposed i:x",
        {
            "g:f": "1 contained definite confirmed = i:x SOLD_TO g:f",
            "c:e": "2 contained definite confirmed = i:x SOLD_TO g:f RUN_BY c:e",
        },
    ),
    case(
        "an owner stands for what it owns",
        "Rule 4: through several links, through a share of one half and an unknown one, not below; the first hop of the owned firm is free.",
        """
        s:mid OWNED_BY c:top reported
        s:low OWNED_BY s:mid {share: 0.5}
        s:less OWNED_BY c:top {share: 0.49}
        s:low PRODUCES p:c
        m:z INPUT_TO p:c
        s:less PRODUCES p:d
        """,
        "exposed c:top",
        {
            "p:c": "1 contained definite reported start=s:low = s:mid OWNED_BY c:top, s:low OWNED_BY s:mid, s:low PRODUCES p:c"
        },
    ),
    case(
        "ownership is an anchor and no hop",
        "Exposure never travels through OWNED_BY: neither the owner nor the sister of a firm that takes delivery is exposed.",
        """
        m:a SOLD_TO s:low
        s:low OWNED_BY c:top
        s:sister OWNED_BY c:top
        """,
        "exposed m:a",
        {"s:low": "1 contained definite confirmed = m:a SOLD_TO s:low"},
    ),
    case(
        "exposed makers",
        "Rule 3: class of the item, tier one more, confidence of the maker's link counted, printed in its own direction; trader, planned and exit are none, suspended is one.",
        """
        m:a INPUT_TO i:b {criticality: minor, role: tooling}
        s:o PRODUCES i:b reported
        s:sus PRODUCES i:b {status: suspended} @seen
        s:tra PRODUCES i:b {status: trader}
        s:new PRODUCES i:b {status: planned}
        s:old PRODUCES i:b {status: exit}
        """,
        "exposed m:a",
        {
            "i:b": "1 consumed definite confirmed minor unchecked=1 = m:a INPUT_TO i:b",
            "s:o": "2 consumed definite reported minor unchecked=2 = m:a INPUT_TO i:b, s:o PRODUCES i:b",
            "s:sus": "2 consumed definite confirmed minor unchecked=1 = m:a INPUT_TO i:b, s:sus PRODUCES i:b",
        },
    ),
    case(
        "an exit with its last day is active until then",
        "Through its valid_to, as a maker and as a start.",
        """
        m:a INPUT_TO i:b
        s:old PRODUCES i:b {status: exit, valid_to: 2026-07-01}
        """,
        "exposed m:a",
        {
            "i:b": "1 contained definite confirmed = m:a INPUT_TO i:b",
            "s:old": "2 contained definite confirmed = m:a INPUT_TO i:b, s:old PRODUCES i:b",
        },
    ),
    case(
        "planned and gone carry nothing, a trader and a suspended maker do",
        "PRODUCES by status, from one firm.",
        """
        s:o PRODUCES p:planned {status: planned}
        s:o PRODUCES p:gone {status: exit}
        s:o PRODUCES p:traded {status: trader}
        s:o PRODUCES p:stopped {status: suspended}
        """,
        "exposed s:o",
        {
            "p:traded": "1 contained definite confirmed = s:o PRODUCES p:traded",
            "p:stopped": "1 contained definite confirmed = s:o PRODUCES p:stopped",
        },
    ),
    case(
        "makers are not walked through",
        "Rule 3: PRODUCES against the arrow is the last hop only.",
        """
        m:a INPUT_TO i:b
        s:o PRODUCES i:b
        s:o SUPPLIES_TO s:p
        s:o PRODUCES p:other
        """,
        "exposed m:a",
        {
            "i:b": "1 contained definite confirmed = m:a INPUT_TO i:b",
            "s:o": "2 contained definite confirmed = m:a INPUT_TO i:b, s:o PRODUCES i:b",
        },
    ),
    case(
        "an item reached by PRODUCES has no exposed makers",
        "Rule 3: the other makers of b are competitors; those of c, which b goes into, are exposed.",
        """
        s:o PRODUCES i:b
        s:rival PRODUCES i:b
        i:b INPUT_TO p:c
        s:user PRODUCES p:c
        """,
        "exposed s:o",
        {
            "i:b": "1 contained definite confirmed = s:o PRODUCES i:b",
            "p:c": "2 contained definite confirmed = s:o PRODUCES i:b INPUT_TO p:c",
            "s:user": "3 contained definite confirmed = s:o PRODUCES i:b INPUT_TO p:c, s:user PRODUCES p:c",
        },
    ),
    case(
        "a maker gives way to a flow path of the same class, however long",
        "Rule 3: o would be at tier 2 as a maker of b, and stands at tier 3 by its delivery.",
        """
        m:a INPUT_TO i:b
        i:b INPUT_TO i:x
        i:x SOLD_TO s:o
        s:o PRODUCES i:b
        """,
        "exposed m:a",
        {
            "i:b": "1 contained definite confirmed = m:a INPUT_TO i:b",
            "i:x": "2 contained definite confirmed = m:a INPUT_TO i:b INPUT_TO i:x",
            "s:o": "3 contained definite confirmed = m:a INPUT_TO i:b INPUT_TO i:x SOLD_TO s:o",
        },
    ),
    case(
        "a maker stands before a flow path of a worse class",
        "Rule 3: the delivery to o comes by a consumable, what o makes contains a.",
        """
        m:a INPUT_TO i:b
        m:a INPUT_TO i:x {role: process_consumable}
        i:x SOLD_TO s:o
        s:o PRODUCES i:b
        """,
        "exposed m:a",
        {
            "i:b": "1 contained definite confirmed = m:a INPUT_TO i:b",
            "i:x": "1 consumed definite confirmed = m:a INPUT_TO i:x",
            "s:o": "2 contained definite confirmed = m:a INPUT_TO i:b, s:o PRODUCES i:b",
        },
    ),
    case(
        "the best of the items that a maker makes",
        "Better class first (c before b, though b is nearer), then fewer hops (c before d).",
        """
        m:a INPUT_TO i:b {role: tooling}
        m:a INPUT_TO i:x
        i:x INPUT_TO i:c
        i:c INPUT_TO i:d
        s:o PRODUCES i:b
        s:o PRODUCES i:c
        s:o PRODUCES i:d
        """,
        "exposed m:a",
        {"s:o": "3 contained definite confirmed = m:a INPUT_TO i:x INPUT_TO i:c, s:o PRODUCES i:c"},
        kind=["supplier"],
    ),
    case(
        "a maker of two items alike: surest link, then smallest id",
        "The last hop is the maker's link: reported c loses to confirmed d and e; d before e.",
        """
        m:a INPUT_TO i:c
        m:a INPUT_TO i:d
        m:a INPUT_TO i:e
        s:o PRODUCES i:c reported
        s:o PRODUCES i:d
        s:o PRODUCES i:e
        """,
        "exposed m:a",
        {"s:o": "2 contained definite confirmed = m:a INPUT_TO i:d, s:o PRODUCES i:d"},
        kind=["supplier"],
    ),
    case(
        "makers by any of their labels",
        "A customer by id that makes b has the label Supplier; one that makes and buys is found as a customer.",
        """
        m:a INPUT_TO i:b
        c:maker PRODUCES i:b
        s:buyer PRODUCES i:b
        p:other SOLD_TO s:buyer
        s:plain PRODUCES i:b
        """,
        "exposed m:a",
        {
            "c:maker": "2 contained definite confirmed = m:a INPUT_TO i:b, c:maker PRODUCES i:b",
            "s:buyer": "2 contained definite confirmed = m:a INPUT_TO i:b, s:buyer PRODUCES i:b",
        },
        kind=["customer"],
    ),
    case(
        "--max-tier counts a maker's hop",
        "Its item within N - 1: the maker of b within 2, that of c not.",
        """
        m:a INPUT_TO i:b
        i:b INPUT_TO p:c
        s:o PRODUCES i:b
        s:q PRODUCES p:c
        """,
        "exposed m:a",
        {
            "i:b": "1 contained definite confirmed = m:a INPUT_TO i:b",
            "p:c": "2 contained definite confirmed = m:a INPUT_TO i:b INPUT_TO p:c",
            "s:o": "2 contained definite confirmed = m:a INPUT_TO i:b, s:o PRODUCES i:b",
        },
        max_tier=2,
    ),
    case(
        "--direct has no makers",
        "One hop; the makers of the start itself are not exposed to it.",
        """
        m:a INPUT_TO i:b
        s:o PRODUCES i:b
        s:q PRODUCES m:a
        m:a SOLD_TO c:e
        """,
        "exposed m:a",
        {
            "i:b": "1 contained definite confirmed = m:a INPUT_TO i:b",
            "c:e": "1 contained definite confirmed = m:a SOLD_TO c:e",
        },
        direct=True,
    ),
]
