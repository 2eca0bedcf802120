"""How why ranks evidence paths (section 6)."""

from tests.contract.case_language import case

CASES = [
    case(
        "why: shortest by class and hops, surest by how many hops are as weak",
        "Shortest: the two-hop path first. Surest: all have a reported hop; b has one (in three hops), d two in two hops, c two in three: b, d, c.",
        """
        m:a INPUT_TO i:d reported
        i:d INPUT_TO p:t reported
        m:a INPUT_TO i:b reported
        i:b INPUT_TO i:b2
        i:b2 INPUT_TO p:t
        m:a INPUT_TO i:c reported
        i:c INPUT_TO i:c2 reported
        i:c2 INPUT_TO p:t
        """,
        "why m:a p:t",
        {
            "1 shortest": "2 contained definite reported = m:a INPUT_TO i:d INPUT_TO p:t",
            "2 shortest": "3 contained definite reported = m:a INPUT_TO i:b INPUT_TO i:b2 INPUT_TO p:t",
            "3 shortest": "3 contained definite reported = m:a INPUT_TO i:c INPUT_TO i:c2 INPUT_TO p:t",
            "1 surest": "3 contained definite reported = m:a INPUT_TO i:b INPUT_TO i:b2 INPUT_TO p:t",
            "2 surest": "2 contained definite reported = m:a INPUT_TO i:d INPUT_TO p:t",
            "3 surest": "3 contained definite reported = m:a INPUT_TO i:c INPUT_TO i:c2 INPUT_TO p:t",
        },
    ),
    case(
        "why: shortest goes by class before hops, surest does not know views",
        "One hop by equipment ranks after two contained hops; as sure and shorter, it is the surest.",
        """
        m:a INPUT_TO p:t {role: equipment}
        m:a INPUT_TO i:b
        i:b INPUT_TO p:t
        """,
        "why m:a p:t",
        {
            "1 shortest": "2 contained definite confirmed = m:a INPUT_TO i:b INPUT_TO p:t",
            "2 shortest": "1 all definite confirmed = m:a INPUT_TO p:t",
            "1 surest": "1 all definite confirmed = m:a INPUT_TO p:t",
            "2 surest": "2 contained definite confirmed = m:a INPUT_TO i:b INPUT_TO p:t",
        },
        through="all",
    ),
    case(
        "why: hops before the weakest hop among the shortest",
        "One inferred hop before two confirmed ones; of two alike in length the surer first.",
        """
        m:a INPUT_TO p:t inferred
        m:a INPUT_TO i:b reported
        i:b INPUT_TO p:t
        m:a INPUT_TO i:c
        i:c INPUT_TO p:t
        """,
        "why m:a p:t",
        {
            "1 shortest": "1 contained definite inferred = m:a INPUT_TO p:t",
            "2 shortest": "2 contained definite confirmed = m:a INPUT_TO i:c INPUT_TO p:t",
            "1 surest": "2 contained definite confirmed = m:a INPUT_TO i:c INPUT_TO p:t",
            "2 surest": "2 contained definite reported = m:a INPUT_TO i:b INPUT_TO p:t",
        },
        k=2,
    ),
    case(
        "why: competitors of a maker are not exposed to it",
        "The item is reached by PRODUCES, so its other maker is no last hop.",
        """
        s:o PRODUCES i:b
        s:rival PRODUCES i:b
        """,
        "why s:o s:rival",
    ),
    case(
        "why: a firm on the way is left by the rules of rows",
        "Into c, which has no recorded input: possible; into d, which has one: no path.",
        """
        m:a SOLD_TO s:o
        s:o PRODUCES p:c
        s:o PRODUCES p:d
        m:z INPUT_TO p:d
        p:c SOLD_TO c:t
        p:d SOLD_TO c:t
        """,
        "why m:a c:t",
        {
            "1 shortest": "3 contained possible confirmed = m:a SOLD_TO s:o PRODUCES p:c SOLD_TO c:t",
            "1 surest": "3 contained possible confirmed = m:a SOLD_TO s:o PRODUCES p:c SOLD_TO c:t",
        },
    ),
    case(
        "why: the weakest hop before the number of hops, certainty before both",
        "Surest: three confirmed hops, then one inferred hop, then the possible one; shortest: the inferred one first.",
        """
        m:a INPUT_TO p:t inferred
        m:a INPUT_TO i:b
        i:b INPUT_TO i:c
        i:c INPUT_TO p:t
        m:a YIELDS m:y
        m:y INPUT_TO p:t
        """,
        "why m:a p:t",
        {
            "1 shortest": "1 contained definite inferred = m:a INPUT_TO p:t",
            "2 shortest": "3 contained definite confirmed = m:a INPUT_TO i:b INPUT_TO i:c INPUT_TO p:t",
            "3 shortest": "2 contained possible confirmed = m:a YIELDS m:y INPUT_TO p:t",
            "1 surest": "3 contained definite confirmed = m:a INPUT_TO i:b INPUT_TO i:c INPUT_TO p:t",
            "2 surest": "1 contained definite inferred = m:a INPUT_TO p:t",
            "3 surest": "2 contained possible confirmed = m:a YIELDS m:y INPUT_TO p:t",
        },
    ),
    case(
        "why: minor counts as definite",
        "The minor path of one hop ranks before the essential one of two, in both rankings.",
        """
        m:a INPUT_TO p:t {criticality: minor}
        m:a INPUT_TO i:b
        i:b INPUT_TO p:t
        """,
        "why m:a p:t",
        {
            "1 shortest": "1 contained definite confirmed minor = m:a INPUT_TO p:t",
            "2 shortest": "2 contained definite confirmed = m:a INPUT_TO i:b INPUT_TO p:t",
            "1 surest": "1 contained definite confirmed minor = m:a INPUT_TO p:t",
            "2 surest": "2 contained definite confirmed = m:a INPUT_TO i:b INPUT_TO p:t",
        },
        k=2,
    ),
    case(
        "why: parallel links of one type are one hop, the surest",
        "Two INPUT_TO give one path; a link of another type gives another.",
        """
        i:a INPUT_TO p:t {criticality: essential} reported
        i:a INPUT_TO p:t {criticality: major}
        i:a STANDS_FOR p:t {decision: accepted} inferred
        """,
        "why i:a p:t",
        {
            "1 shortest": "1 contained definite confirmed = i:a INPUT_TO p:t",
            "2 shortest": "1 contained definite inferred = i:a STANDS_FOR p:t",
            "1 surest": "1 contained definite confirmed = i:a INPUT_TO p:t",
            "2 surest": "1 contained definite inferred = i:a STANDS_FOR p:t",
        },
    ),
    case(
        "why: loopless, and no other start is crossed",
        "The path by the second start b is left out where it begins at a, and stands where it begins at b.",
        """
        i:a INPUT_TO i:b
        i:b INPUT_TO i:c
        i:c INPUT_TO i:b
        i:c INPUT_TO p:t
        i:a INPUT_TO p:t
        """,
        "why i:a i:b p:t",
        {
            "1 shortest": "1 contained definite confirmed start=i:a = i:a INPUT_TO p:t",
            "2 shortest": "2 contained definite confirmed start=i:b = i:b INPUT_TO i:c INPUT_TO p:t",
            "1 surest": "1 contained definite confirmed start=i:a = i:a INPUT_TO p:t",
            "2 surest": "2 contained definite confirmed start=i:b = i:b INPUT_TO i:c INPUT_TO p:t",
        },
    ),
    case(
        "why: a maker's link may be the last hop, and counts",
        "Beside it the delivery to the same firm, though a row of exposed would name only the delivery.",
        """
        m:a INPUT_TO i:b
        s:o PRODUCES i:b reported
        i:b INPUT_TO i:c
        i:c SOLD_TO s:o
        """,
        "why m:a s:o",
        {
            "1 shortest": "2 contained definite reported = m:a INPUT_TO i:b, s:o PRODUCES i:b",
            "2 shortest": "3 contained definite confirmed = m:a INPUT_TO i:b INPUT_TO i:c SOLD_TO s:o",
            "1 surest": "3 contained definite confirmed = m:a INPUT_TO i:b INPUT_TO i:c SOLD_TO s:o",
            "2 surest": "2 contained definite reported = m:a INPUT_TO i:b, s:o PRODUCES i:b",
        },
    ),
    case(
        "why: the view bounds the paths, and the row's confidence counts anchors",
        "Equipment is out; the member link is inferred but ranks nothing.",
        """
        m:tb MEMBER_OF m:heavy inferred
        m:tb INPUT_TO p:t {role: equipment}
        m:tb INPUT_TO i:b
        i:b INPUT_TO p:t
        """,
        "why m:heavy p:t",
        {
            "1 shortest": "2 contained definite inferred start=m:tb = m:tb MEMBER_OF m:heavy, m:tb INPUT_TO i:b INPUT_TO p:t",
            "1 surest": "2 contained definite inferred start=m:tb = m:tb MEMBER_OF m:heavy, m:tb INPUT_TO i:b INPUT_TO p:t",
        },
    ),
]
