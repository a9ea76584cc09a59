"""Words on the screen."""

from medgui import i18n
from medgui.ui.words import say, straight


def test_quotes_are_straight_in_english_and_curly_in_chinese() -> None:
    assert (
        say(lambda: "Column “sbp” holds the clinic’s “high”.") == 'Column "sbp" holds the clinic\'s "high".'
    )
    with i18n.using_language("zh"):
        assert straight("“sbp”列") == "“sbp”列"


def test_chinese_text_keeps_its_quotes_in_an_english_window() -> None:
    assert straight("患者自述“胸闷”") == "患者自述“胸闷”"
