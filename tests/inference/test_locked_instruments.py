"""What medgui does not contain is listed with its reason, in both languages."""

from medgui.inference.catalogue import Catalogue
from medgui.inference.locked_instruments import locked_instruments


def test_every_locked_instrument_says_why_and_where_in_both_languages() -> None:
    listed = locked_instruments()
    assert {"frax", "canrisk", "elf", "mmse", "moca", "cat"} <= {each.id for each in listed}
    for each in listed:
        for text in (each.name, each.estimates, each.reason, each.where):
            assert text["en"].strip(), each.id
            assert text["zh"].strip(), each.id


def test_no_locked_instrument_is_a_model() -> None:
    assert not {each.id for each in locked_instruments()} & set(Catalogue.load().bundles)
