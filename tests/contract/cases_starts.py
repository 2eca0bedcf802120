"""Where a question starts: groups, places, owners, production, restrictions (sections 3 to 6)."""

from tests.contract.case_language import case

CASES = [
    case(
        "a group: members of members, fewest anchors, then the surest, then the smallest id",
        "tb by its direct link; y by light (confirmed) not by heavy (inferred); nd by heavy before light (smaller id).",
        """
        m:heavy MEMBER_OF m:rare
        m:light MEMBER_OF m:rare
        m:tb MEMBER_OF m:heavy
        m:tb MEMBER_OF m:rare inferred
        m:y MEMBER_OF m:heavy inferred
        m:y MEMBER_OF m:light
        m:nd MEMBER_OF m:light
        m:nd MEMBER_OF m:heavy
        m:tb INPUT_TO p:tb
        m:y INPUT_TO p:y
        m:nd INPUT_TO p:nd
        """,
        "exposed m:rare",
        {
            "p:tb": "1 contained definite inferred start=m:tb = m:tb MEMBER_OF m:rare, m:tb INPUT_TO p:tb",
            "p:y": "1 contained definite confirmed start=m:y = m:light MEMBER_OF m:rare, m:y MEMBER_OF m:light, m:y INPUT_TO p:y",
            "p:nd": "1 contained definite confirmed start=m:nd = m:heavy MEMBER_OF m:rare, m:nd MEMBER_OF m:heavy, m:nd INPUT_TO p:nd",
        },
    ),
    case(
        "membership is no hop",
        "A question on a member says nothing of the group, and what the group goes into is not exposed to it.",
        """
        m:tb MEMBER_OF m:heavy
        m:heavy INPUT_TO p:c
        """,
        "exposed m:tb",
    ),
    case(
        "--confidence filters anchors",
        "The member whose link is reported is no start.",
        """
        m:tb MEMBER_OF m:heavy reported
        m:dy MEMBER_OF m:heavy
        m:tb INPUT_TO p:t
        m:dy INPUT_TO p:d
        """,
        "exposed m:heavy",
        {"p:d": "1 contained definite confirmed = m:dy MEMBER_OF m:heavy, m:dy INPUT_TO p:d"},
        confidence="confirmed",
    ),
    case(
        "depends on a group starts from its members",
        "MEMBER_OF is an anchor for every question.",
        """
        m:tb MEMBER_OF m:heavy
        m:ore INPUT_TO m:tb
        """,
        "depends m:heavy",
        {"m:ore": "1 contained definite confirmed start=m:tb = m:tb MEMBER_OF m:heavy, m:ore INPUT_TO m:tb"},
    ),
    case(
        "a country by its plants",
        "The plant's supplier; not the one whose seat alone is there while its plant is elsewhere; customers and programmes of the country are targets.",
        """
        s:plant LOCATED_IN k:CN {role: plant} reported
        s:plant PRODUCES i:b
        m:z INPUT_TO i:b
        s:seat HEADQUARTERED_IN k:CN
        s:seat LOCATED_IN k:JP {role: plant}
        s:seat PRODUCES i:c
        c:e HEADQUARTERED_IN k:CN
        i:b SOLD_TO c:e
        g:f LOCATED_IN k:CN {role: lead country}
        g:f RUN_BY c:other
        """,
        "exposed k:CN",
        {
            "i:b": "1 contained definite reported start=s:plant share=none = s:plant LOCATED_IN k:CN, s:plant PRODUCES i:b",
            "c:e": "2 contained definite reported = s:plant LOCATED_IN k:CN, s:plant PRODUCES i:b SOLD_TO c:e",
        },
    ),
    case(
        "a supplier without a plant stands at its seat, inferred",
        "Section 3.",
        """
        s:o HEADQUARTERED_IN k:CN
        s:o PRODUCES i:b
        """,
        "exposed k:CN",
        {"i:b": "1 contained definite inferred start=s:o = s:o HEADQUARTERED_IN k:CN, s:o PRODUCES i:b"},
    ),
    case(
        "a supplier without a plant is no start where inferred is not enough",
        "The anchor counts as inferred, and --confidence filters anchors.",
        """
        s:o HEADQUARTERED_IN k:CN
        s:o PRODUCES i:b
        """,
        "exposed k:CN",
        confidence="reported",
    ),
    case(
        "--by hq: the seat as recorded, its production either way",
        "Plants do not count; what is produced there does.",
        """
        s:o HEADQUARTERED_IN k:CN
        s:o LOCATED_IN k:JP {role: plant}
        s:o PRODUCES i:b
        s:q LOCATED_IN k:CN {role: plant}
        s:q PRODUCES i:c
        made m:a mine k:CN 2025 share=0.4
        m:a INPUT_TO i:d
        """,
        "exposed k:CN",
        {
            "i:b": "1 contained definite confirmed start=s:o = s:o HEADQUARTERED_IN k:CN, s:o PRODUCES i:b",
            "i:d": "1 contained definite confirmed start=m:a share=0.4 = m:a PRODUCED_IN k:CN, m:a INPUT_TO i:d",
        },
        by="hq",
    ),
    case(
        "a customer by id that makes something is a supplier of its country",
        "It carries the label Supplier.",
        """
        c:e LOCATED_IN k:CN {role: plant}
        c:e PRODUCES p:c
        """,
        "exposed k:CN",
        {"p:c": "1 contained definite confirmed start=c:e = c:e LOCATED_IN k:CN, c:e PRODUCES p:c"},
    ),
    case(
        "the frame: the latest year not after the date that has a share",
        "2027 lies after the date, 2026 has amounts only: 2025 is the frame. CN stands in it, JP (2026) and FR (2024) do not.",
        """
        made m:a mine k:CN 2027 share=0.9
        made m:a mine k:JP 2026 value=5
        made m:a mine k:CN 2025 share=0.3
        made m:a mine k:FR 2024 share=0.7
        m:a INPUT_TO p:c
        """,
        "exposed k:CN",
        {"p:c": "1 contained definite confirmed start=m:a share=0.3 = m:a PRODUCED_IN k:CN, m:a INPUT_TO p:c"},
    ),
    case(
        "a country outside the frame is no place of production",
        "Whether an item is made in a country at all is read off the same frame.",
        """
        made m:a mine k:JP 2026 value=5
        made m:a mine k:CN 2025 share=0.3
        made m:a mine k:FR 2024 share=0.7
        m:a INPUT_TO p:c
        """,
        "exposed k:JP k:FR",
    ),
    case(
        "the frame: the source that covers most",
        "other covers 0.9 with FR and CN, hand 0.8 with CN alone; other is no official source, so the anchor is reported.",
        """
        made m:a mine k:CN 2025 share=0.8 source=hand
        made m:a mine k:CN 2025 share=0.5 source=other
        made m:a mine k:FR 2025 share=0.4 source=other
        m:a INPUT_TO p:c
        """,
        "exposed k:CN",
        {"p:c": "1 contained definite reported share=0.5 = m:a PRODUCED_IN k:CN, m:a INPUT_TO p:c"},
    ),
    case(
        "the frame: equal cover, the smallest source id",
        "hand before other; an estimate is reported although the source is official.",
        """
        made m:a mine k:CN 2025 share=0.6 source=hand estimate=true
        made m:a mine k:FR 2025 share=0.6 source=other
        m:a INPUT_TO p:c
        """,
        "exposed k:CN",
        {"p:c": "1 contained definite reported share=0.6 = m:a PRODUCED_IN k:CN, m:a INPUT_TO p:c"},
    ),
    case(
        "an item without any share: the latest year's amounts",
        "JP made it in 2024 only; CN has no known share, so --min-share leaves it in.",
        """
        made m:a mine k:CN 2025 value=9
        made m:a mine WORLD 2025 value=20 share=1.0
        made m:a mine k:JP 2024 value=5
        m:a INPUT_TO p:c
        """,
        "exposed k:CN",
        {"p:c": "1 contained definite confirmed start=m:a share=none = m:a PRODUCED_IN k:CN, m:a INPUT_TO p:c"},
        min_share=0.9,
    ),
    case(
        "shares above 1 are scaled, and the largest stage is the start's share",
        "mine: 0.5 of 2.0 is 0.25; refine: 0.2.",
        """
        made m:a mine k:CN 2025 share=0.5
        made m:a mine k:JP 2025 share=0.9
        made m:a mine k:FR 2025 share=0.6
        made m:a refine k:CN 2025 share=0.2
        m:a INPUT_TO p:c
        """,
        "exposed k:CN",
        {"p:c": "1 contained definite confirmed share=0.25 = m:a PRODUCED_IN k:CN, m:a INPUT_TO p:c"},
    ),
    case(
        "several countries and blocs add up in a stage",
        "CN, and of the bloc DE: 0.2 + 0.3 in mining, 0.4 in refining. The anchor is the smallest id among equals.",
        """
        node k:EU {members: [DE, FR]}
        made m:a mine k:CN 2025 share=0.2
        made m:a mine k:DE 2025 share=0.3
        made m:a refine k:FR 2025 share=0.4
        m:a INPUT_TO p:c
        """,
        "exposed k:EU k:CN",
        {"p:c": "1 contained definite confirmed share=0.5 = m:a PRODUCED_IN k:CN, m:a INPUT_TO p:c"},
    ),
    case(
        "a bloc stands for its members' suppliers too",
        "A country with members stands for them.",
        """
        node k:EU {members: [DE]}
        s:o LOCATED_IN k:DE {role: plant}
        s:o PRODUCES i:b
        """,
        "exposed k:EU",
        {"i:b": "1 contained definite confirmed = s:o LOCATED_IN k:DE, s:o PRODUCES i:b"},
    ),
    case(
        "--min-share leaves out a known smaller share only, and what is left out may be a hit",
        "b (0.1) is no start, and a hit of a (0.5, equal to the limit); s has no share.",
        """
        made m:a mine k:CN 2025 share=0.5
        made m:b mine k:CN 2025 share=0.1
        m:a INPUT_TO m:b
        m:b INPUT_TO p:c
        s:o LOCATED_IN k:CN {role: plant}
        s:o PRODUCES p:d
        """,
        "exposed k:CN",
        {
            "m:b": "1 contained definite confirmed start=m:a share=0.5 = m:a PRODUCED_IN k:CN, m:a INPUT_TO m:b",
            "p:c": "2 contained definite confirmed start=m:a share=0.5 = m:a PRODUCED_IN k:CN, m:a INPUT_TO m:b INPUT_TO p:c",
            "p:d": "1 contained definite confirmed start=s:o share=none = s:o LOCATED_IN k:CN, s:o PRODUCES p:d",
        },
        min_share=0.5,
    ),
    case(
        "a group's production makes its members possible starts",
        "dy has a frame of its own there: sure, with its own share. tb has none: possible, without a share. The class's kind likewise. What tb and dy share is definite by dy.",
        """
        made m:heavy mine k:CN 2025 share=0.9
        made m:dy mine k:CN 2025 share=0.6
        made i:class make k:CN 2025 share=0.8
        m:tb MEMBER_OF m:heavy
        m:dy MEMBER_OF m:heavy
        i:kind IS_A i:class
        m:tb INPUT_TO p:t
        m:dy INPUT_TO p:d
        m:tb INPUT_TO p:both
        m:dy INPUT_TO i:b
        i:b INPUT_TO p:both
        i:kind INPUT_TO p:k
        """,
        "exposed k:CN",
        {
            "p:t": "1 contained possible confirmed start=m:tb share=none = m:heavy PRODUCED_IN k:CN, m:tb MEMBER_OF m:heavy, m:tb INPUT_TO p:t",
            "p:d": "1 contained definite confirmed start=m:dy share=0.6 = m:dy PRODUCED_IN k:CN, m:dy INPUT_TO p:d",
            "p:both": "2 contained definite confirmed start=m:dy share=0.6 = m:dy PRODUCED_IN k:CN, m:dy INPUT_TO i:b INPUT_TO p:both",
            "p:k": "1 contained possible confirmed start=i:kind share=none = i:class PRODUCED_IN k:CN, i:kind IS_A i:class, i:kind INPUT_TO p:k",
        },
        kind=["product"],
    ),
    case(
        "a maker's row has the start of its item",
        "And its share.",
        """
        made m:a mine k:CN 2025 share=0.7
        m:a INPUT_TO i:b
        s:o PRODUCES i:b
        """,
        "exposed k:CN",
        {
            "s:o": "2 contained definite confirmed start=m:a share=0.7 = m:a PRODUCED_IN k:CN, m:a INPUT_TO i:b, s:o PRODUCES i:b"
        },
        kind=["supplier"],
    ),
    case(
        "a control starts from what it restricts, whatever its status",
        "Ended long ago; the group stands for its member; the roll-up is left out; the listed firm is possible only.",
        """
        control x:old issuer=k:CN effective=2020-01-01 ended=2020-12-31
        x:old RESTRICTS i:b reported
        x:old RESTRICTS m:heavy
        x:old RESTRICTS m:w {scope: element_rollup}
        x:old RESTRICTS s:listed {scope: entity listing}
        i:b INPUT_TO p:b
        m:tb MEMBER_OF m:heavy
        m:tb INPUT_TO p:t
        m:w INPUT_TO p:w
        s:listed PRODUCES p:l
        """,
        "exposed x:old",
        {
            "p:b": "1 contained definite reported start=i:b = x:old RESTRICTS i:b, i:b INPUT_TO p:b",
            "p:t": "1 contained definite confirmed start=m:tb = x:old RESTRICTS m:heavy, m:tb MEMBER_OF m:heavy, m:tb INPUT_TO p:t",
            "p:l": "1 contained possible confirmed start=s:listed = x:old RESTRICTS s:listed, s:listed PRODUCES p:l",
        },
    ),
    case(
        "--include-rollup",
        "The convenience scope starts too.",
        """
        control x:c issuer=k:CN effective=2020-01-01
        x:c RESTRICTS m:w {scope: element_rollup}
        m:w INPUT_TO p:w
        """,
        "exposed x:c",
        {"p:w": "1 contained definite confirmed start=m:w = x:c RESTRICTS m:w, m:w INPUT_TO p:w"},
        include_rollup=True,
    ),
    case(
        "one supplier's item: the first hop is that item",
        "Neither its other product, nor its nameless customer; who takes b takes it by the item; the other makers of b are competitors.",
        """
        disruption d:stop effective=2026-01-01
        d:stop RESTRICTS s:o {item: i:b}
        s:o PRODUCES i:b
        s:o PRODUCES i:c
        s:o SUPPLIES_TO s:q
        s:o SUPPLIES_TO c:e {item: i:b}
        s:rival PRODUCES i:b
        i:b INPUT_TO p:d
        """,
        "exposed d:stop",
        {
            "c:e": "2 contained definite confirmed start=s:o = d:stop RESTRICTS s:o, s:o PRODUCES i:b SOLD_TO c:e",
            "i:b": "1 contained definite confirmed start=s:o = d:stop RESTRICTS s:o, s:o PRODUCES i:b",
            "p:d": "2 contained definite confirmed start=s:o = d:stop RESTRICTS s:o, s:o PRODUCES i:b INPUT_TO p:d",
        },
    ),
    case(
        "a whole supplier stopped: its first hop is free",
        "A disruption without an item.",
        """
        disruption d:fire effective=2026-01-01
        d:fire RESTRICTS s:o
        s:o PRODUCES i:b
        s:o SUPPLIES_TO s:q
        """,
        "exposed d:fire",
        {
            "i:b": "1 contained definite confirmed = d:fire RESTRICTS s:o, s:o PRODUCES i:b",
            "s:q": "1 contained definite confirmed = d:fire RESTRICTS s:o, s:o SUPPLIES_TO s:q",
        },
    ),
    case(
        "what is made of an item in a country: the item is the start",
        "A disruption with `country`.",
        """
        disruption d:war effective=2026-01-01
        d:war RESTRICTS m:a {country: k:MM, scope: ore}
        m:a INPUT_TO p:c
        """,
        "exposed d:war",
        {"p:c": "1 contained definite confirmed start=m:a share=none = d:war RESTRICTS m:a, m:a INPUT_TO p:c"},
    ),
    case(
        "the year of the date itself is not after it",
        "2026 on 1 July 2026.",
        """
        made m:a mine k:CN 2026 share=0.6
        made m:a mine k:CN 2025 share=0.3
        m:a INPUT_TO p:c
        """,
        "exposed k:CN",
        {"p:c": "1 contained definite confirmed share=0.6 = m:a PRODUCED_IN k:CN, m:a INPUT_TO p:c"},
    ),
    case(
        "production by a source that is not official is reported, and filtered as such",
        "Anchors included.",
        """
        made m:a mine k:CN 2025 share=0.6 source=other
        m:a INPUT_TO p:c
        """,
        "exposed k:CN",
        confidence="confirmed",
    ),
    case(
        "why from an entity listing is possible",
        "The start is not sure, so no path from it is.",
        """
        control x:list issuer=k:CN effective=2020-01-01
        x:list RESTRICTS s:o {scope: entity listing}
        s:o PRODUCES p:c
        """,
        "why x:list p:c",
        {
            "1 shortest": "1 contained possible confirmed start=s:o = x:list RESTRICTS s:o, s:o PRODUCES p:c",
            "1 surest": "1 contained possible confirmed start=s:o = x:list RESTRICTS s:o, s:o PRODUCES p:c",
        },
    ),
    case(
        "an owner depends on what its firms need",
        "What it owns, and what that makes, are starts: two anchors.",
        """
        s:low OWNED_BY c:top
        s:low PRODUCES p:c
        m:a INPUT_TO p:c
        i:x SOLD_TO s:low
        """,
        "depends c:top",
        {
            "m:a": "1 contained definite confirmed start=p:c = s:low OWNED_BY c:top, s:low PRODUCES p:c, m:a INPUT_TO p:c",
            "i:x": "1 contained definite confirmed start=s:low = s:low OWNED_BY c:top, i:x SOLD_TO s:low",
        },
    ),
]
