"""A problem whose own words deny it is no fact; a disease whose name begins with 无 is one."""

import pytest

from medgui.readers.wording import wording_doubt


@pytest.mark.parametrize("name", ["无高血压病史", "无糖尿病", "否认冠心病", "No history of stroke"])
def test_a_denied_problem_is_not_used(name: str) -> None:
    assert wording_doubt(name)


@pytest.mark.parametrize("name", ["无痛性心肌梗死", "无症状性心肌缺血", "无脉症", "Stroke"])
def test_a_disease_is_used_although_its_name_begins_with_without(name: str) -> None:
    assert not wording_doubt(name)
