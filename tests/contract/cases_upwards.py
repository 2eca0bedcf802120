"""Companies in the middle, read upwards: what organisations and their products depend on (section 3)."""

from tests.contract.case_language import case

CASES = [
    case(
        "an organisation depends on what comes to it and into what it makes",
        "Rule 3 mirrored: PRODUCES is an anchor (its confidence counts, its source does not), c is a start and no row, the rival is not walked, planned d is not made.",
        """
        m:a INPUT_TO p:c
        i:x SOLD_TO s:o
        s:o PRODUCES p:c reported
        s:rival PRODUCES p:c
        s:o PRODUCES p:d {status: planned}
        m:z INPUT_TO p:d
        s:miner PRODUCES m:a
        """,
        "depends s:o",
        {
            "m:a": "1 contained definite reported unchecked=1 start=p:c = s:o PRODUCES p:c, m:a INPUT_TO p:c",
            "i:x": "1 contained definite confirmed start=s:o = i:x SOLD_TO s:o",
            "s:miner": "2 contained definite reported start=p:c = s:o PRODUCES p:c, s:miner PRODUCES m:a INPUT_TO p:c",
        },
    ),
    case(
        "an item depends possibly on what its maker takes, where no inputs are recorded",
        "Rule 2 read upwards: the maker itself is definite.",
        """
        m:a SOLD_TO s:o
        s:o PRODUCES p:c
        """,
        "depends p:c",
        {
            "s:o": "1 contained definite confirmed = s:o PRODUCES p:c",
            "m:a": "2 contained possible confirmed = m:a SOLD_TO s:o PRODUCES p:c",
        },
    ),
    case(
        "an item with inputs does not depend on what its maker takes",
        "Rule 2 read upwards.",
        """
        m:a SOLD_TO s:o
        s:o PRODUCES p:c
        m:z INPUT_TO p:c
        """,
        "depends p:c",
        {
            "s:o": "1 contained definite confirmed = s:o PRODUCES p:c",
            "m:z": "1 contained definite confirmed = m:z INPUT_TO p:c",
        },
    ),
    case(
        "a chain of nameless links read upwards",
        "Definite to the first firm of the chain; what was sold to that firm is possible.",
        """
        m:a SOLD_TO s:p1
        s:p1 SUPPLIES_TO s:p2
        s:p2 SUPPLIES_TO s:p3
        """,
        "depends s:p3",
        {
            "s:p2": "1 contained definite confirmed = s:p2 SUPPLIES_TO s:p3",
            "s:p1": "2 contained definite confirmed = s:p1 SUPPLIES_TO s:p2 SUPPLIES_TO s:p3",
            "m:a": "3 contained possible confirmed = m:a SOLD_TO s:p1 SUPPLIES_TO s:p2 SUPPLIES_TO s:p3",
        },
    ),
    case(
        "depends: traders are a dependency, planned and gone makers are none",
        "PRODUCES by status, upwards; the direction printed is the arrow's.",
        """
        s:tra PRODUCES i:b {status: trader}
        s:new PRODUCES i:b {status: planned}
        s:old PRODUCES i:b {status: exit}
        i:b INPUT_TO p:c
        """,
        "depends p:c",
        {
            "i:b": "1 contained definite confirmed = i:b INPUT_TO p:c",
            "s:tra": "2 contained definite confirmed = s:tra PRODUCES i:b INPUT_TO p:c",
        },
    ),
    case(
        "a trader does not depend on what goes into its wares",
        "It makes nothing, so its wares are no starts; what is sold to it is a dependency.",
        """
        s:o PRODUCES p:c {status: trader}
        m:a INPUT_TO p:c
        i:x SOLD_TO s:o
        """,
        "depends s:o",
        {"i:x": "1 contained definite confirmed start=s:o = i:x SOLD_TO s:o"},
    ),
]
