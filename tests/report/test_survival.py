"""The survival curve is printed with its figures in words, in both languages."""

from dataclasses import replace

import pytest

from medgui.assessment.finding import Contribution, Explanation
from tests.helpers import findings
from tests.report.test_report import flat, made, pages_of


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_curve_is_on_the_page_of_its_finding_with_its_figures(lang: str) -> None:
    reasons = Explanation(
        "death_10y", "enumeration", 0.03, "x", "1", (Contribution("age", 0.0121),), residual=0.0
    )
    bare = replace(findings.death(lang), explanations=(reasons,))
    found = replace(bare, survival=findings.survival(lang))
    text = flat("".join(pages_of(made(found=[found], lang=lang, include_prognosis=True)))).replace(
        "\u00a0", " "
    )
    squeezed = text.replace(" ", "")
    expected = (
        ("Alive: after 1 year 88 % (between 84 % and 91 %)", "after 5 years 53 %", "The shaded band is")
        if lang == "en"
        else ("生存：1年时88%（84%至91%）", "5年时53%", "阴影带")
    )
    assert all(words.replace(" ", "") in squeezed for words in expected)
    without = flat("".join(pages_of(made(found=[bare], lang=lang, include_prognosis=True))))
    assert expected[2].replace(" ", "") not in without.replace(" ", "")
