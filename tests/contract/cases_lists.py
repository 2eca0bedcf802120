"""The lists: who makes an item and where, and which restrictions bind it (sections 3, 4 and 8)."""

from tests.contract.case_language import case

CASES = [
    case(
        "sources: bounds of the HHI and of what remains outside",
        "0.5^2 + 0.3^2 = 0.34, high + 0.2^2 = 0.38; JP has no row, so all of the rest may be there.",
        """
        made m:a mine k:CN 2025 share=0.5
        made m:a mine k:US 2025 share=0.3
        node k:JP {}
        """,
        "sources m:a",
        {"k:CN": {"share": 0.5, "year": 2025}, "k:US": {"share": 0.3, "year": 2025}},
        {"hhi": {"low": 0.34, "high": 0.38}, "known_share": 0.8, "outside": {"low": 0.8, "high": 1.0}},
        stage="mine",
        outside="country:JP",
    ),
    case(
        "sources: a country with a share leaves exactly the rest",
        "1 - 0.5, the unknown fifth included.",
        """
        made m:a mine k:CN 2025 share=0.5
        made m:a mine k:US 2025 share=0.3
        """,
        "sources m:a",
        {"k:CN": {"share": 0.5}, "k:US": {"share": 0.3}},
        {"outside": {"low": 0.5, "high": 0.5}},
        stage="mine",
        outside="country:CN",
    ),
    case(
        "sources: amounts without shares say nothing of concentration",
        "Unknown is never zero: 0 to 1.",
        "made m:a mine k:CN 2025 value=5",
        "sources m:a",
        {"k:CN": {"share": None, "year": 2025}},
        {"hhi": {"low": 0.0, "high": 1.0}, "known_share": 0.0, "outside": {"low": 0.0, "high": 1.0}},
        stage="mine",
        outside="country:CN",
    ),
    case(
        "controls: first and last days are inside",
        "One begins today, one ends today, one was suspended from today, one until today; a fifth begins tomorrow, a sixth ended yesterday.",
        """
        control x:begins issuer=k:CN effective=2026-07-01
        control x:ends issuer=k:CN effective=2020-01-01 ended=2026-07-01
        control x:rests issuer=k:CN effective=2020-01-01 suspended_from=2026-07-01 suspended_until=2026-12-31
        control x:wakes issuer=k:CN effective=2020-01-01 suspended_from=2026-01-01 suspended_until=2026-07-01
        control x:coming issuer=k:CN effective=2026-07-02
        control x:over issuer=k:CN effective=2020-01-01 ended=2026-06-30
        x:begins RESTRICTS m:a
        x:ends RESTRICTS m:a
        x:rests RESTRICTS m:a
        x:wakes RESTRICTS m:a
        x:coming RESTRICTS m:a
        x:over RESTRICTS m:a
        """,
        "controls m:a",
        {
            "x:begins": "in force",
            "x:ends": "in force",
            "x:rests": "suspended",
            "x:wakes": "suspended",
            "x:coming": "announced",
            "x:over": "ended",
        },
    ),
    case(
        "controls: a suspension that has run out makes the status unknown",
        "Also one that began before the effective day; an ended control stays ended; one suspended later is in force.",
        """
        control x:past issuer=k:CN effective=2020-01-01 suspended_from=2025-11-10 suspended_until=2026-06-30
        control x:early issuer=k:CN effective=2026-02-01 suspended_from=2026-01-01 suspended_until=2026-12-31
        control x:over issuer=k:CN effective=2020-01-01 ended=2026-06-30 suspended_from=2026-01-01 suspended_until=2026-03-31
        control x:later issuer=k:CN effective=2020-01-01 suspended_from=2026-07-02 suspended_until=2026-12-31
        x:past RESTRICTS m:a
        x:early RESTRICTS m:a
        x:over RESTRICTS m:a
        x:later RESTRICTS m:a
        """,
        "controls m:a",
        {"x:past": "unknown", "x:early": "suspended", "x:over": "ended", "x:later": "in force"},
    ),
    case(
        "controls: on a group bind its members; home supply and other destinations are left out",
        "Toward JP: the one to every destination on the group, and the disruption; not the one toward US, not Japan's own.",
        """
        control x:all issuer=k:CN effective=2020-01-01
        control x:us issuer=k:CN destinations=k:US effective=2020-01-01
        control x:home issuer=k:JP effective=2020-01-01
        disruption d:stop effective=2026-01-01 destinations=k:JP
        x:all RESTRICTS m:heavy
        x:us RESTRICTS m:tb
        x:home RESTRICTS m:tb
        d:stop RESTRICTS m:tb {country: k:CN}
        m:tb MEMBER_OF m:heavy
        """,
        "controls m:tb",
        {
            "x:all": {"status": "in force", "kind": "control", "binds": ["material:heavy"]},
            "d:stop": {"status": "in force", "kind": "disruption", "binds": ["material:tb"]},
        },
        to="JP",
    ),
    case(
        "controls: a purchase rule binds toward its issuer, a military one only military use",
        "Toward US, civil use.",
        """
        control x:buy issuer=k:US destinations=k:CN effective=2020-01-01 acts_on=purchases_from_the_destination
        control x:mil issuer=k:CN destinations=k:US effective=2020-01-01 end_use=military
        control x:any issuer=k:CN destinations=k:US effective=2020-01-01 end_use=any
        x:buy RESTRICTS m:a
        x:mil RESTRICTS m:a
        x:any RESTRICTS m:a
        """,
        "controls m:a",
        {"x:buy": "in force", "x:any": "in force"},
        to="US",
        use="civil",
    ),
    case(
        "controls: a group of groups binds the members of its members",
        "rare earths hold heavy rare earths, which hold tb.",
        """
        control x:all issuer=k:CN effective=2020-01-01
        x:all RESTRICTS m:rare
        m:heavy MEMBER_OF m:rare
        m:tb MEMBER_OF m:heavy
        """,
        "controls m:tb",
        {"x:all": {"status": "in force", "binds": ["material:rare"]}},
    ),
    case(
        "controls: roll-ups are listed too",
        "With their status.",
        """
        control x:roll issuer=k:CN effective=2020-01-01
        x:roll RESTRICTS m:w {scope: element_rollup}
        """,
        "controls m:w",
        {"x:roll": "in force"},
    ),
]
