"""All cases of the contract: small graphs, a question each, and its rows worked out by hand from the domain model.

`CASES` is asked of every engine; the oracle of the property tests is held to it too.
"""

from tests.contract import cases_companies, cases_lists, cases_paths, cases_starts, cases_upwards, cases_why
from tests.contract.case_language import Case

CASES: list[Case] = [
    *cases_companies.CASES,
    *cases_upwards.CASES,
    *cases_paths.CASES,
    *cases_why.CASES,
    *cases_starts.CASES,
    *cases_lists.CASES,
]
