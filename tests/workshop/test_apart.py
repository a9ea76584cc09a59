"""Training in a process of its own: errors, ends and cancelling."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from medgui.errors import Cancelled, UserError
from medgui.workshop import apart
from medgui.workshop.choices import Choices, default_choices, words_of
from medgui.workshop.plan import Plan, inspect_table

pytest.importorskip("lightgbm", reason="the extra `train` is not installed")

CARD = ("title", "intended_use", "not_for", "population", "data_licence", "developer")


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Plan, Choices]:
    monkeypatch.setenv("MEDGUI_HOME", str(tmp_path / "home"))
    random = np.random.default_rng(1)
    score = random.normal(size=200)
    frame = pd.DataFrame(
        {"score": score, "ill": (random.random(200) < 1 / (1 + np.exp(-2 * score))).astype(int)}
    )
    path = tmp_path / "clinic.csv"
    frame.to_csv(path, index=False)
    plan = inspect_table(path)
    words = words_of(dict.fromkeys(CARD, "words"), "card")
    return plan, replace(default_choices(plan, words), kinds=("logistic",), effort="quick")


def quiet(*_values: object) -> None:
    """Take progress and say nothing."""


def test_the_model_comes_back_and_progress_names_what_is_tried(work: tuple[Plan, Choices]) -> None:
    stages: list[str] = []
    shares: list[float] = []

    def tell(done: float, _total: float, stage: str) -> None:
        stages.append(stage)
        shares.append(done)

    trained = apart.train_apart(*work, tell, lambda: False)
    assert trained.figure("auroc").value > 0.7
    assert "Comparing kinds of models: Regularised logistic regression" in stages
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_what_is_refused_there_is_said_here(work: tuple[Plan, Choices]) -> None:
    plan, choices = work
    with pytest.raises(UserError, match="lacks"):
        apart.train_apart(plan, replace(choices, words=words_of({}, "card")), quiet, lambda: False)


def test_a_process_that_dies_is_said_in_words(
    work: tuple[Plan, Choices], monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies() -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-c", "import os; os._exit(9)"]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    monkeypatch.setattr(apart, "_start", dies)
    with pytest.raises(UserError, match="without an answer"):
        apart.train_apart(*work, quiet, lambda: False)


def test_cancelling_ends_the_process(work: tuple[Plan, Choices], monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[bytes]] = []
    start = apart._start

    def remember() -> "subprocess.Popen[bytes]":
        started.append(start())
        return started[-1]

    monkeypatch.setattr(apart, "_start", remember)
    with pytest.raises(Cancelled):
        apart.train_apart(*work, quiet, lambda: True)
    assert started[0].returncode is not None


def test_the_process_ends_when_nobody_waits_for_it(work: tuple[Plan, Choices]) -> None:
    process = apart._start()
    assert process.stdin is not None
    assert process.stdout is not None
    plan, choices = work
    apart._send(
        process, apart.pickle.dumps((plan, replace(choices, effort="full", kinds=("network",)), "en"))
    )
    apart._read(process.stdout)
    process.stdin.close()
    assert process.wait(timeout=120) == 1
    process.stdout.close()
