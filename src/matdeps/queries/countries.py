"""Countries in any language: from a folded name to ISO 3166 codes, read from pycountry when first needed."""

import gettext
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from matdeps.graph.names import fold

_LANGUAGES = (
    *("zh_CN", "zh_TW", "ja", "ko", "de", "fr", "es", "it", "pt", "nl"),
    *("ru", "pl", "uk", "tr", "vi", "id", "ar", "sv", "fi", "cs"),
)
# What people write and ISO 3166 does not list, in English and in the languages of this field.
_EVERYDAY = {
    "AE": ("UAE",),
    "CD": ("DRC", "DR Congo", "Congo-Kinshasa", "Democratic Republic of the Congo"),
    "CG": ("Congo-Brazzaville", "Republic of Congo"),
    "CI": ("Ivory Coast",),
    "CN": ("PRC", "Mainland China"),
    "CZ": ("Czech Republic",),
    "EU": ("European Union", "EU", "欧盟", "欧州連合", "EU加盟国", "Europäische Union", "Union européenne"),
    "GB": ("UK", "U.K.", "Great Britain", "Britain", "イギリス"),
    "KP": ("North Korea", "DPRK"),
    "KR": ("South Korea", "ROK", "한국"),
    "MM": ("Burma",),
    "NL": ("Holland", "The Netherlands", "オランダ"),
    "RU": ("Russia", "ロシア", "Россия"),
    "TR": ("Turkey", "Turkiye"),
    "TW": ("Taiwan", "ROC", "台灣"),
    "US": (
        "USA",
        "U.S.",
        "U.S.A.",
        "America",
        "United States of America",
        "アメリカ",
        "アメリカ合衆国",
        "США",
    ),
    "VN": ("Vietnam",),
}


def find_country_codes(folded: str) -> tuple[str, ...]:
    """Find the ISO 3166-1 alpha-2 codes of a country by its folded name or code.

    Returns
    -------
    tuple of str
        Sorted; empty where no country is called this, several where a name is shared. ``EU`` counts as one.

    Examples
    --------
    >>> find_country_codes(fold("中国")), find_country_codes(fold("Japon"))
    (('CN',), ('JP',))
    """
    return _get_english().get(folded) or _get_translated().get(folded, ())


@cache
def _get_english() -> Mapping[str, tuple[str, ...]]:
    import pycountry

    names = _collect(
        (country.alpha_2, text)
        for country in pycountry.countries
        for field in ("alpha_2", "alpha_3", "name", "common_name", "official_name")
        if (text := getattr(country, field, None))
    )
    everyday = {fold(text): (code,) for code, texts in _EVERYDAY.items() for text in texts}
    return {**names, **everyday}


@cache
def _get_translated() -> Mapping[str, tuple[str, ...]]:
    return _collect(_iter_translations())


def _collect(pairs: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    names: dict[str, set[str]] = defaultdict(set)
    parts: dict[str, set[str]] = defaultdict(set)
    for code, text in pairs:
        names[fold(text)].add(code)
        head, comma, rest = text.replace("，", ",").partition(",")
        if comma:
            # "Korea, Republic of" is also "Republic of Korea", and "Russie, Fédération de" also "Russie",
            # where no country has that for its whole name.
            names[fold(f"{rest} {head}")].add(code)
            parts[fold(head)].add(code)
    for head, codes in parts.items():
        names.setdefault(head, codes)
    return {name: tuple(sorted(codes)) for name, codes in names.items()}


def _iter_translations() -> Iterator[tuple[str, str]]:
    import pycountry

    for language in _LANGUAGES:
        try:
            catalogue = gettext.translation("iso3166-1", pycountry.LOCALES_DIR, languages=[language])
        except FileNotFoundError:
            # Another version of pycountry may ship fewer languages; the others still serve.
            continue
        for country in pycountry.countries:
            for field in ("name", "common_name", "official_name"):
                text = getattr(country, field, None)
                if text and (translated := catalogue.gettext(text)) != text:
                    yield country.alpha_2, translated
