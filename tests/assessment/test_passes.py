"""Numbers of all models come first, then intervals, ranges and reasons; what is not whole is never taken for it."""

import pytest

from medgui.assessment import results
from medgui.assessment.finding import Finding, Status
from medgui.assessment.run import assess
from medgui.errors import DamagedData
from medgui.inference.catalogue import Catalogue
from medgui.record.model import Answer
from tests.assessment.people import TODAY, example, shipped

Said = list[tuple[int, int, Finding | None]]


def test_every_number_is_there_before_the_first_reason() -> None:
    said: Said = []
    whole = assess(example(), shipped(), progress=lambda *each: said.append(each))
    total = said[0][1]
    first, second = said[:total], said[total:]
    assert [done for done, _total, _found in first] == list(range(1, total + 1))
    assert not any(found.explanations for _done, _total, found in first if found is not None)
    numbers = {found.model: found for _done, _total, found in first if found is not None}
    ready = {model for model, found in numbers.items() if found.status is Status.READY}
    assert "prevent" in ready
    assert ready <= {found.model for _done, _total, found in second if found is not None}
    for found in whole.findings:
        if found.model in ready:
            early = numbers[found.model]
            assert [output.value for output in found.outputs] == [output.value for output in early.outputs]
            assert [output.category for output in found.outputs] == [out.category for out in early.outputs]
            assert early.fingerprint == ()
            assert early.record_key == found.record_key


def test_stopping_between_numbers_and_reasons_keeps_the_numbers_and_does_not_take_them_for_whole() -> None:
    said: Said = []
    stopped = assess(
        example(),
        shipped(),
        models=["prevent"],
        progress=lambda *each: said.append(each),
        cancel=lambda: bool(said) and said[-1][0] == said[-1][1],
    )
    (found,) = stopped.findings
    assert not stopped.complete
    assert found.status is Status.READY
    assert not found.explanations
    again = assess(example(), shipped(), models=["prevent"], previous=stopped)
    assert again.findings[0].explanations
    assert again.findings[0].outputs[0].interval is not None


def test_what_is_missing_is_named_first_and_its_range_follows() -> None:
    said: Said = []
    record = example().with_answer(Answer("systolic_bp", None, "mm[Hg]", TODAY, left_out=True))
    whole = assess(record, shipped(), models=["prevent"], progress=lambda *each: said.append(each))
    early = next(found for _done, _total, found in said if found is not None and found.model == "prevent")
    found = next(each for each in whole.findings if each.model == "prevent")
    assert early.status is found.status is Status.MISSING_INPUT
    assert early.reason == found.reason
    assert early.outputs[0].interval is None
    assert found.outputs[0].interval is not None


def test_damage_that_shows_only_in_the_reasons_takes_the_number_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(*_arguments: object) -> None:
        raise DamagedData("reference.npz was changed after it was signed.")

    monkeypatch.setattr(results, "with_reasons", damaged)
    catalogue = Catalogue.load()
    assessment = assess(example(), catalogue, models=["prevent"])
    found = next(each for each in assessment.findings if each.model == "prevent")
    assert found.status is Status.REFUSED
    assert not any(output.value is not None for output in found.outputs)
    assert "prevent" in catalogue.refused
