"""Small graphs and what a scenario leaves of them, worked out by hand: a case for each rule of availability.

A row is `verdict low estimate high`, with `~` before the word where lost holds as far as recorded, and `>word` for what an
unknown leans to. The graphs are written in the language of `tests/contract/case_language.py`.
"""

from dataclasses import dataclass
from typing import Any

BAN = "requires=ban effective=2025-01-01"


@dataclass(frozen=True)
class WhatIfCase:
    """A small graph, a question about it, and some of its rows."""

    name: str
    graph: str
    question: dict[str, Any]
    rows: dict[str, str]


def case(name: str, graph: str, rows: dict[str, str], **question: Any) -> WhatIfCase:
    """Make a case; unless given, everything is asked for, for civil use, on 2026-07-01."""
    given: dict[str, Any] = {"as_of": "2026-07-01", "use": "civil", "kind": "all"} | question
    return WhatIfCase(name, graph, {k: v for k, v in given.items() if v is not None}, rows)


_CHAIN = """
m:ore INPUT_TO i:x {criticality: essential}
i:x INPUT_TO p:x {criticality: essential}
"""
_TWO_MAKERS = (
    _CHAIN
    + """
s:a PRODUCES i:x
s:b PRODUCES i:x
s:a LOCATED_IN k:CN {role: plant}
s:b LOCATED_IN k:JP {role: plant}
"""
)
_FRAME = """
made m:x mine k:CN 2025 share=0.9
made m:x mine k:JP 2025 share=0.1
m:x INPUT_TO p:x {criticality: essential}
"""
_USES = (
    _FRAME
    + """
p:x USED_IN g:civil
p:x USED_IN g:military
p:x USED_IN g:both
p:x USED_IN g:silent
node g:civil {use: civil}
node g:military {use: military}
node g:both {use: both}
g:civil LOCATED_IN k:JP {role: lead country}
g:military LOCATED_IN k:JP {role: lead country}
g:both LOCATED_IN k:JP {role: lead country}
g:silent LOCATED_IN k:JP {role: lead country}
control x:mil issuer=k:CN end_use=military """
    + BAN
    + """
x:mil RESTRICTS m:x
"""
)

INPUTS = [
    case("essential limits", "m:a INPUT_TO p:x {criticality: essential}", {"p:x": "lost 0 0 0"}, lose="material:a"),
    case(
        "minor never limits, and a path over it is definite",
        "m:a INPUT_TO p:x {criticality: minor}",
        {"p:x": "covered 1 1 1"},
        lose="material:a",
    ),
    case(
        "lone major limits in the low bound only",
        "m:a INPUT_TO p:x {criticality: major}",
        {"p:x": "unknown>covered 0 1 1"},
        lose="material:a",
    ),
    case(
        "lone alternative and an input without criticality do not limit an item",
        "m:a INPUT_TO p:x {criticality: alternative}\nm:a INPUT_TO p:y",
        {"p:x": "covered 1 1 1", "p:y": "covered 1 1 1"},
        lose="material:a",
    ),
    case(
        "one of a set is enough; a minor one is no member",
        """m:a INPUT_TO p:x {criticality: major, alt_group: g}
         m:b INPUT_TO p:x {criticality: alternative, alt_group: g}
         m:a INPUT_TO p:y {criticality: major, alt_group: g}
         m:b INPUT_TO p:y {criticality: minor, alt_group: g}""",
        {"p:x": "covered 1 1 1", "p:y": "lost 0 0 0"},
        lose="material:a",
    ),
    case(
        "all of a set lost",
        """m:a INPUT_TO p:x {criticality: major, alt_group: g}
         m:b INPUT_TO p:x {criticality: alternative, alt_group: g}""",
        {"p:x": "lost 0 0 0"},
        lose=["material:a", "material:b"],
    ),
    case(
        "an alternative outside the graph is one more, untraced member",
        """m:a INPUT_TO p:x {criticality: alternative, outside_alternative: true}
         m:a INPUT_TO p:y {criticality: essential, outside_alternative: true}""",
        {"p:x": "unknown>covered 0 1 1", "p:y": "unknown>covered 0 1 1"},
        lose="material:a",
    ),
    case(
        "an untraced member is no better than the worst traced one in the low bound",
        """m:a INPUT_TO p:x {criticality: alternative, alt_group: g}
         i:untraced INPUT_TO p:x {criticality: alternative, alt_group: g}""",
        {"p:x": "unknown>covered 0 1 1"},
        lose="material:a",
    ),
    case(
        "an untraced member counts where none is traced",
        """s:maker PRODUCES i:a
         i:a INPUT_TO p:x {criticality: alternative, alt_group: g}
         i:b INPUT_TO p:x {criticality: alternative, alt_group: g}""",
        {"p:x": "covered 1 1 1"},
        lose="supplier:maker",
    ),
    case(
        "tools limit in the low bound only, and only where nothing is left of them",
        """made m:a mine k:CN 2025 share=0.9
         made m:a mine k:JP 2025 share=0.1
         m:a INPUT_TO i:tool {criticality: essential}
         m:b INPUT_TO p:x {criticality: essential}
         i:tool INPUT_TO p:x {criticality: essential, role: tooling}""",
        {"i:tool": "reduced 0.1 0.1 0.1", "p:x": "covered 1 1 1"},
        lose="country:CN",
    ),
    case(
        "a tool of which nothing is left",
        """m:a INPUT_TO i:tool {criticality: essential}
         i:tool INPUT_TO p:x {criticality: essential, role: tooling}""",
        {"p:x": "unknown>covered 0 1 1"},
        lose="material:a",
    ),
    case(
        "an item of a firm marked as a mine is traced",
        """m:a INPUT_TO p:x {criticality: alternative, alt_group: g}
         i:ore INPUT_TO p:x {criticality: alternative, alt_group: g}
         s:mine PRODUCES i:ore
         node s:mine {activity: mining}""",
        {"p:x": "covered 1 1 1"},
        lose="material:a",
    ),
    case(
        "equipment is outside the consumed view",
        "i:machine INPUT_TO p:x {criticality: essential, role: equipment}",
        {"p:x": "clear 1 1 1"},
        lose="intermediate:machine",
    ),
    case(
        "equipment in the view of all",
        "i:machine INPUT_TO p:x {criticality: essential, role: equipment}",
        {"p:x": "unknown>covered 0 1 1"},
        lose="intermediate:machine",
        through="all",
    ),
    case(
        "a consumable limits in the consumed view",
        "m:a INPUT_TO p:x {criticality: essential, role: process_consumable}",
        {"p:x": "lost 0 0 0"},
        lose="material:a",
    ),
    case(
        "a consumable is outside the contained view",
        "m:a INPUT_TO p:x {criticality: essential, role: process_consumable}",
        {"p:x": "clear 1 1 1"},
        lose="material:a",
        through="contained",
    ),
    case(
        "a link into a programme counts as essential, a planned use like any other",
        "m:a INPUT_TO p:x {criticality: essential}\np:x USED_IN g:x {status: planned}",
        {"g:x": "lost 0 0 0"},
        lose="material:a",
    ),
    case(
        "an item whose makers are planned, gone or traders is no member of its set",
        """m:a INPUT_TO i:a {criticality: essential}
         m:b INPUT_TO i:b {criticality: essential}
         s:planned PRODUCES i:b {status: planned}
         s:trader PRODUCES i:b {status: trader}
         s:gone PRODUCES i:b {status: exit, valid_to: 2026-06-30}
         i:a INPUT_TO p:x {criticality: alternative, alt_group: g}
         i:b INPUT_TO p:x {criticality: alternative, alt_group: g}""",
        {"p:x": "lost 0 0 0"},
        lose="material:a",
    ),
    case(
        "kinds of a class that is lost are lost; a member of a group that is lost is lost",
        """i:euv IS_A i:scanner
         i:euv INPUT_TO p:chip {criticality: essential}
         m:dy MEMBER_OF m:ree
         m:dy INPUT_TO p:magnet {criticality: essential}""",
        {"p:chip": "lost 0 0 0", "p:magnet": "lost 0 0 0", "i:euv": "restricted 0 0 0", "m:dy": "restricted 0 0 0"},
        lose=["intermediate:scanner", "material:ree"],
    ),
    case(
        "what is of a kind, a by-product, or may stand for it is only possible",
        """i:a IS_A i:class
         i:class INPUT_TO p:class {criticality: essential}
         m:host YIELDS m:by
         m:by INPUT_TO p:by {criticality: essential}
         i:a STANDS_FOR p:own {decision: proposed}""",
        {"p:class": "possible 1 1 1", "p:by": "possible 1 1 1", "p:own": "possible 1 1 1"},
        lose=["intermediate:a", "material:host"],
    ),
]

SOURCES = [
    case("one maker of unknown share closed, one open", _TWO_MAKERS, {"p:x": "reduced 0 0.5 1"}, lose="supplier:a"),
    case(
        "every maker closed, of a list that nobody marked complete",
        _TWO_MAKERS,
        {"p:x": "~lost 0 0 0"},
        lose=["supplier:a", "supplier:b"],
    ),
    case(
        "every maker closed, of a list marked complete",
        _TWO_MAKERS + "node i:x {makers_complete: true}",
        {"p:x": "lost 0 0 0"},
        lose=["supplier:a", "supplier:b"],
    ),
    case("no maker could make it: lost whatever the list", _TWO_MAKERS, {"p:x": "lost 0 0 0"}, lose="material:ore"),
    case(
        "a known share, the rest divided by makers of unknown share",
        _CHAIN
        + """
         s:a PRODUCES i:x {share: 0.4}
         s:b PRODUCES i:x
         s:c PRODUCES i:x""",
        {"p:x": "reduced 0.4 0.7 1"},
        lose="supplier:b",
    ),
    case(
        "what known shares leave over is of unknown place",
        _CHAIN + "s:a PRODUCES i:x {share: 0.5}\ns:b PRODUCES i:x {share: 0.3}",
        {"p:x": "reduced 0.3 0.375 0.5"},
        lose="supplier:a",
    ),
    case(
        "what they leave over follows them where it is small",
        _CHAIN + "s:a PRODUCES i:x {share: 0.49}\ns:b PRODUCES i:x {share: 0.49}",
        {"p:x": "reduced 0.5 0.5 0.5"},
        lose="supplier:a",
    ),
    case(
        "and where the list is complete",
        _CHAIN + "s:a PRODUCES i:x {share: 0.4}\ns:b PRODUCES i:x {share: 0.4}\nnode i:x {makers_complete: true}",
        {"p:x": "reduced 0.5 0.5 0.5"},
        lose="supplier:a",
    ),
    case(
        "a maker makes something at each of its plants",
        _CHAIN
        + """
         s:a PRODUCES i:x
         s:a LOCATED_IN k:CN {role: plant}
         s:a LOCATED_IN k:JP {role: plant}""",
        {"p:x": "reduced 0 0.5 1"},
        lose="country:CN",
    ),
    case(
        "the site of the link, else the plants, else the headquarters",
        _CHAIN
        + """
         i:x2 INPUT_TO p:x2 {criticality: essential}
         s:a PRODUCES i:x {site: k:JP}
         s:a LOCATED_IN k:CN {role: plant}
         s:a LOCATED_IN k:JP {role: plant}
         s:b PRODUCES i:x2
         s:b HEADQUARTERED_IN k:CN""",
        {"p:x": "covered 1 1 1", "p:x2": "~lost 0 0 0"},
        lose="country:CN",
    ),
    case(
        "a site where its maker has no plant",
        _CHAIN
        + """
         s:a PRODUCES i:x {site: k:CN}
         s:a LOCATED_IN k:JP {role: plant}""",
        {"p:x": "~lost 0 0 0"},
        lose="country:CN",
    ),
    case(
        "named makers of a country divide its share",
        _CHAIN
        + """
         made i:x make k:CN 2025 share=0.6
         made i:x make k:JP 2025 share=0.4
         s:a PRODUCES i:x
         s:b PRODUCES i:x
         s:a LOCATED_IN k:CN {role: plant}
         s:b LOCATED_IN k:CN {role: plant}""",
        {"p:x": "reduced 0.4 0.7 1"},
        lose="supplier:a",
    ),
    case(
        "nothing is left for makers that a full frame squeezes out",
        _CHAIN
        + """
         made i:x make k:CN 2025 share=1.0
         s:a PRODUCES i:x
         s:a LOCATED_IN k:JP {role: plant}""",
        {"p:x": "covered 1 1 1"},
        lose="supplier:a",
    ),
    case(
        "what a frame leaves over goes to named makers elsewhere",
        _CHAIN
        + """
         made i:x make k:CN 2025 share=0.7
         s:a PRODUCES i:x
         s:a LOCATED_IN k:JP {role: plant}""",
        {"p:x": "reduced 0.7 0.7 0.7"},
        lose="supplier:a",
    ),
    case(
        "a country of unknown share in a frame has more than nothing",
        _CHAIN
        + """
         made i:x make k:CN 2025 share=0.7
         made i:x make k:JP 2025""",
        {"p:x": "reduced 0.7 0.7 0.7"},
        lose="country:JP",
    ),
    case(
        "amounts where a frame has no share",
        """made m:x mine k:CN 2025 value=30
         made m:x mine k:AU 2025 value=10
         m:x INPUT_TO p:x {criticality: essential}""",
        {"p:x": "reduced 0.25 0.25 0.25"},
        lose="country:CN",
    ),
    case(
        "shares above 1 are scaled",
        """made m:x mine k:CN 2025 share=0.9
         made m:x mine k:AU 2025 share=0.3
         m:x INPUT_TO p:x {criticality: essential}""",
        {"p:x": "reduced 0.25 0.25 0.25"},
        lose="country:CN",
    ),
    case(
        "an item without a frame for a stage takes the smallest group's",
        """made m:small mine k:CN 2025 share=1.0
         made m:big mine k:JP 2025 share=1.0
         m:x MEMBER_OF m:small
         m:x MEMBER_OF m:big
         m:y MEMBER_OF m:big
         m:x INPUT_TO p:x {criticality: essential}
         m:y INPUT_TO p:y {criticality: essential}""",
        {"p:x": "lost 0 0 0", "p:y": "clear 1 1 1"},
        lose="country:CN",
    ),
    case(
        "stages follow each other, each fed at its own country",
        """made m:x mine k:CN 2025 share=0.6
         made m:x mine k:AU 2025 share=0.4
         made m:x refine k:CN 2025 share=0.8
         made m:x refine k:JP 2025 share=0.2
         m:x INPUT_TO p:x {criticality: essential}
         control x:c issuer=k:CN """
        + BAN
        + """
         x:c RESTRICTS m:x""",
        {"p:x": "reduced 0.08 0.08 0.08"},
        control="control:c",
        to="JP",
    ),
    case(
        "mines of several kinds are alternatives",
        """made m:x mine-a k:CN 2025 share=1.0
         made m:x mine-b k:AU 2025 share=1.0
         m:x INPUT_TO p:x {criticality: essential}""",
        {"p:x": "covered 1 1 1"},
        lose="country:CN",
    ),
    case(
        "a material's maker without a stage stands in its mine stage",
        """made m:x mine k:CN 2025 share=1.0
         made m:x refine k:CN 2025 share=1.0
         m:x INPUT_TO p:x {criticality: essential}
         s:refiner PRODUCES m:x {stage: refine}
         s:miner PRODUCES m:x
         s:refiner LOCATED_IN k:CN {role: plant}
         s:miner LOCATED_IN k:CN {role: plant}
         disruption d:fire effective=2026-01-01
         d:fire RESTRICTS s:miner {scope: ore}""",
        {"p:x": "~lost 0 0 0"},
        disruption="disruption:fire",
    ),
]

RULES = [
    case(
        "home supply crosses no border",
        _FRAME + "control x:c issuer=k:CN " + BAN + "\nx:c RESTRICTS m:x",
        {"m:x": "restricted 1 1 1", "p:x": "covered 1 1 1"},
        control="control:c",
        to="CN",
    ),
    case(
        "a control toward every destination closes the way to the world",
        _FRAME + "control x:c issuer=k:CN " + BAN + "\nx:c RESTRICTS m:x",
        {"m:x": "restricted 0.1 0.1 0.1", "p:x": "reduced 0.1 0.1 0.1"},
        control="control:c",
    ),
    case(
        "a control toward one destination",
        _FRAME + "control x:c issuer=k:CN destinations=k:JP " + BAN + "\nx:c RESTRICTS m:x",
        {"p:x": "covered 1 1 1"},
        control="control:c",
        to="DE",
    ),
    case(
        "scope ore closes the mine stage only",
        """made m:x refine k:CN 2025 share=0.9
         made m:x refine k:JP 2025 share=0.1
         m:x INPUT_TO p:x {criticality: essential}
         control x:c issuer=k:CN """
        + BAN
        + "\nx:c RESTRICTS m:x {scope: ore only}",
        {"p:x": "covered 1 1 1"},
        control="control:c",
        to="JP",
    ),
    case(
        "a roll-up to the element is left out",
        _FRAME + "control x:c issuer=k:CN " + BAN + "\nx:c RESTRICTS m:x {scope: element_rollup}",
        {"p:x": "clear 1 1 1", "m:x": "clear 1 1 1"},
        control="control:c",
    ),
    case(
        "unless asked for",
        _FRAME + "control x:c issuer=k:CN " + BAN + "\nx:c RESTRICTS m:x {scope: element_rollup}",
        {"p:x": "reduced 0.1 0.1 0.1", "m:x": "restricted 0.1 0.1 0.1"},
        control="control:c",
        include_rollup=True,
    ),
    case(
        "a licence duty is withheld",
        _FRAME + "control x:c issuer=k:CN effective=2025-01-01\nx:c RESTRICTS m:x",
        {"p:x": "reduced 0.1 0.1 0.1", "m:x": "restricted 0.1 0.1 0.1"},
        control="control:c",
    ),
    case(
        "a licence duty is granted: its items are covered",
        _FRAME + "control x:c issuer=k:CN effective=2025-01-01\nx:c RESTRICTS m:x",
        {"p:x": "covered 1 1 1", "m:x": "covered 1 1 1"},
        control="control:c",
        licences="granted",
    ),
    case(
        "a quota is closed in the low bound only",
        _FRAME + "control x:c issuer=k:CN requires=quota effective=2025-01-01\nx:c RESTRICTS m:x",
        {"p:x": "unknown>covered 0.1 1 1", "m:x": "restricted 0.1 1 1"},
        control="control:c",
        licences="granted",
    ),
    case(
        "so is a control of unknown status, and its items are judged by their bounds",
        _FRAME
        + "control x:c issuer=k:CN suspended_from=2025-06-01 suspended_until=2026-06-30 "
        + BAN
        + "\nx:c RESTRICTS m:x",
        {"p:x": "unknown>covered 0.1 1 1", "m:x": "unknown>covered 0.1 1 1"},
        control="control:c",
    ),
    case(
        "a control that is not in force names nothing",
        _FRAME + "control x:c issuer=k:CN ended=2026-06-30 " + BAN + "\nx:c RESTRICTS m:x",
        {"p:x": "clear 1 1 1", "m:x": "clear 1 1 1"},
        control="control:c",
    ),
    case(
        "a rule for military use, with the use of each programme",
        _USES,
        {
            "g:civil": "clear 1 1 1",
            "g:military": "reduced 0.1 0.1 0.1",
            "g:both": "reduced 0.1 0.1 0.1",
            "g:silent": "unknown>covered 0.1 1 1",
            "m:x": "restricted 0.1 1 1",
        },
        control="control:mil",
        use=None,
        to="JP",
    ),
    case(
        "use fills in where none is recorded",
        _USES,
        {"g:silent": "clear 1 1 1", "g:military": "reduced 0.1 0.1 0.1", "m:x": "clear 1 1 1"},
        control="control:mil",
        to="JP",
    ),
    case("both needs both", _USES, {"g:silent": "reduced 0.1 0.1 0.1"}, control="control:mil", use="both"),
    case(
        "a purchase rule closes the way into its issuer",
        _FRAME
        + "control x:c issuer=k:US destinations=k:CN acts_on=purchases_from_the_destination "
        + BAN
        + "\nx:c RESTRICTS m:x",
        {"p:x": "reduced 0.1 0.1 0.1"},
        control="control:c",
        to="US",
    ),
    case(
        "and no other way",
        _FRAME
        + "control x:c issuer=k:US destinations=k:CN acts_on=purchases_from_the_destination "
        + BAN
        + "\nx:c RESTRICTS m:x",
        {"p:x": "covered 1 1 1"},
        control="control:c",
        to="JP",
    ),
    case(
        "an entity listing closes what comes to the organisation, not what it makes",
        _FRAME
        + """m:x SOLD_TO s:listed
         m:x SOLD_TO c:other
         s:listed PRODUCES p:y
         s:listed LOCATED_IN k:JP {role: plant}
         c:other HEADQUARTERED_IN k:JP
         control x:c issuer=k:CN acts_on=deliveries_to_listed_organisations """
        + BAN
        + """
         x:c RESTRICTS s:listed {scope: entity listing}""",
        {"s:listed": "restricted 0.1 0.1 0.1", "c:other": "clear 1 1 1", "p:y": "possible 1 1 1"},
        control="control:c",
    ),
    case(
        "a disruption closes one item of a supplier",
        _TWO_MAKERS
        + """
         s:a PRODUCES p:y
         disruption d:fire effective=2026-01-01
         d:fire RESTRICTS s:a {item: i:x}""",
        {"p:x": "reduced 0 0.5 1", "p:y": "clear 1 1 1"},
        disruption="disruption:fire",
    ),
    case(
        "a disruption closes what a country makes of an item",
        _FRAME
        + """
         disruption d:stop effective=2026-01-01
         d:stop RESTRICTS m:x {country: k:CN}""",
        {"p:x": "reduced 0.1 0.1 0.1", "m:x": "restricted 0.1 0.1 0.1"},
        disruption="disruption:stop",
        to="CN",
    ),
    case(
        "toward its destinations only",
        _FRAME
        + """
         disruption d:stop effective=2026-01-01 destinations=k:JP
         d:stop RESTRICTS m:x {country: k:CN}""",
        {"p:x": "covered 1 1 1"},
        disruption="disruption:stop",
        to="DE",
    ),
    case(
        "a bloc stands for its members",
        """made m:x mine k:DE 2025 share=0.6
         made m:x mine k:US 2025 share=0.4
         node k:EU {members: [DE, FR]}
         m:x INPUT_TO p:x {criticality: essential}
         control x:c issuer=k:EU """
        + BAN
        + "\nx:c RESTRICTS m:x",
        {"p:x": "covered 1 1 1"},
        control="control:c",
        to="FR",
    ),
]

TAKERS = [
    case(
        "a customer needs all that it takes",
        """m:a INPUT_TO p:a {criticality: essential}
         m:b INPUT_TO p:b {criticality: essential}
         p:a SOLD_TO c:shop
         p:b SOLD_TO c:shop""",
        {"c:shop": "lost 0 0 0"},
        lose="material:a",
    ),
    case(
        "from its named suppliers, or from the open market",
        _TWO_MAKERS
        + """
         s:a SUPPLIES_TO c:one {item: i:x}
         s:a SUPPLIES_TO c:two {item: i:x}
         s:b SUPPLIES_TO c:two {item: i:x}
         i:x SOLD_TO c:market
         i:x SOLD_TO c:ordered {supplier: s:a}
         s:b SUPPLIES_TO c:safe {item: i:x}""",
        {
            "c:one": "~lost 0 0 0",
            "c:two": "reduced 0 0.5 1",
            "c:market": "reduced 0 0.5 1",
            "c:ordered": "~lost 0 0 0",
            "c:safe": "covered 1 1 1",
        },
        lose="supplier:a",
    ),
    case(
        "a customer needs the programmes that it runs, each with its own use",
        _USES
        + """
         g:civil RUN_BY c:ministry
         g:military RUN_BY c:army""",
        {"c:army": "reduced 0.1 0.1 0.1", "c:ministry": "clear 1 1 1"},
        control="control:mil",
    ),
    case(
        "a maker needs its own production, which crosses no border",
        """m:x INPUT_TO p:x {criticality: essential}
         made m:x mine k:CN 2025 share=1.0
         s:a PRODUCES p:x
         s:a LOCATED_IN k:CN {role: plant}
         control x:c issuer=k:CN """
        + BAN
        + "\nx:c RESTRICTS m:x\nx:c RESTRICTS p:x",
        {"s:a": "clear 1 1 1", "p:x": "restricted 0 0 0"},
        control="control:c",
    ),
    case(
        "a supplier of nobody knows what passes on what it takes and runs",
        """m:a INPUT_TO p:a {criticality: essential}
         m:b INPUT_TO p:b {criticality: essential}
         p:a SOLD_TO s:one
         p:b SOLD_TO s:two
         s:one SUPPLIES_TO c:single
         s:one SUPPLIES_TO c:shop
         s:two SUPPLIES_TO c:shop
         s:three SUPPLIES_TO c:doubt
         s:one SUPPLIES_TO c:doubt""",
        {"c:single": "lost 0 0 0", "c:shop": "possible 1 1 1", "c:doubt": "unknown>covered 0 1 1"},
        lose="material:a",
    ),
    case(
        "deliveries into a programme count the same",
        """m:a INPUT_TO p:a {criticality: essential}
         p:a SOLD_TO g:x""",
        {"g:x": "lost 0 0 0"},
        lose="material:a",
    ),
]

OWN = [
    case(
        "what stands for an own part gives it its inputs and its sources",
        """made i:x make k:CN 2025 share=0.8
         made i:x make k:JP 2025 share=0.2
         m:ore INPUT_TO i:x {criticality: essential}
         i:x STANDS_FOR p:own {decision: accepted}""",
        {"p:own": "reduced 0.2 0.2 0.2"},
        lose="country:CN",
    ),
    case(
        "own suppliers are its sources, and its restrictions are those of the reference item",
        """m:ore INPUT_TO i:x {criticality: essential}
         i:x STANDS_FOR p:own {decision: accepted}
         s:a PRODUCES p:own
         s:b PRODUCES p:own
         s:a LOCATED_IN k:CN {role: plant}
         s:b LOCATED_IN k:JP {role: plant}
         control x:c issuer=k:CN """
        + BAN
        + "\nx:c RESTRICTS i:x",
        {"p:own": "reduced 0 0.5 1"},
        control="control:c",
        to="JP",
    ),
    case(
        "several that stand for it are one set",
        """m:a INPUT_TO i:a {criticality: essential}
         m:b INPUT_TO i:b {criticality: essential}
         i:a STANDS_FOR p:own {decision: accepted}
         i:b STANDS_FOR p:own {decision: accepted}
         s:own PRODUCES p:made
         i:a STANDS_FOR p:made {decision: accepted}
         i:b STANDS_FOR p:made {decision: accepted}""",
        {"p:own": "covered 1 1 1", "p:made": "covered 1 1 1"},
        lose="material:a",
    ),
]

LOOPS = [
    case(
        "a loop does not feed itself",
        """m:ore INPUT_TO i:a {criticality: alternative, alt_group: g}
         i:b INPUT_TO i:a {criticality: alternative, alt_group: g}
         i:a INPUT_TO i:b {criticality: essential}
         i:b INPUT_TO p:x {criticality: essential}""",
        {"p:x": "lost 0 0 0", "i:a": "lost 0 0 0"},
        lose="material:ore",
    ),
    case(
        "a loop that would starve at rest is cut at its smallest id",
        """m:ore INPUT_TO i:a {criticality: essential}
         i:b INPUT_TO i:a {criticality: essential}
         i:a INPUT_TO i:b {criticality: essential}
         m:other INPUT_TO i:b {criticality: essential}
         i:b INPUT_TO p:x {criticality: essential}""",
        {"i:a": "covered 1 1 1", "i:b": "lost 0 0 0", "p:x": "lost 0 0 0"},
        lose="material:other",
    ),
    case(
        "a loop by shares is solved in its value",
        """made m:alt mine k:JP 2025 share=0.4
         made m:alt mine k:KR 2025 share=0.6
         made i:b make k:CN 2025 share=0.5
         made i:b make k:JP 2025 share=0.5
         i:a INPUT_TO i:b {criticality: alternative, alt_group: g}
         m:alt INPUT_TO i:b {criticality: alternative, alt_group: g}
         i:b INPUT_TO i:a {criticality: essential}
         control x:c issuer=k:JP destinations=k:CN """
        + BAN
        + "\nx:c RESTRICTS m:alt",
        {"i:b": "reduced 0.4 0.4 0.4", "i:a": "reduced 0.4 0.4 0.4"},
        control="control:c",
        lose="country:KR",
    ),
]

CASES = [*INPUTS, *SOURCES, *RULES, *TAKERS, *OWN, *LOOPS]
