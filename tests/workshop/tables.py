"""Made-up tables of a clinic for the tests of the workshop."""

from pathlib import Path

import numpy as np
import pandas as pd

from medgui.workshop.choices import Words

WORDS = Words(
    {
        key: {"en": f"words for {key}", "zh": f"{key} 的说明"}
        for key in ("title", "intended_use", "not_for", "population", "data_licence", "developer")
    },
    years=(2015, 2020),
    case_control=False,
)


def clinic(rows: int = 600, seed: int = 0) -> pd.DataFrame:
    """People whose chance of the outcome is known: `chance`, to be dropped before training."""
    random = np.random.default_rng(seed)
    age = random.uniform(20, 90, rows).round(1)
    sex = np.where(random.random(rows) < 0.5, "F", "M")
    marker = random.lognormal(0, 0.5, rows).round(4)
    stain = random.choice(["none", "weak", "strong"], rows, p=[0.5, 0.3, 0.2])
    smoker = random.random(rows) < 0.3
    score = 0.05 * (age - 60) + 1.2 * np.log(marker) + 0.9 * (stain == "strong") + 0.7 * smoker - 0.8
    chance = 1 / (1 + np.exp(-score))
    frame = pd.DataFrame(
        {
            "patient_id": [f"P{number:04d}" for number in range(rows)],
            "age": age,
            "sex": sex,
            "marker (ng/mL)": marker,
            "stain": stain,
            "smokes": np.where(smoker, "yes", "no"),
            "ethnicity": random.choice(["A", "B"], rows),
            "visit date": pd.Timestamp("2018-01-01").strftime("%Y-%m-%d"),
            "chance": chance,
            "ill": (random.random(rows) < chance).astype(int),
        }
    )
    frame["visit date"] = [f"2018-{1 + n % 12:02d}-{1 + n % 28:02d}" for n in range(rows)]
    frame.loc[random.random(rows) < 0.1, "marker (ng/mL)"] = np.nan
    return frame


def write(frame: pd.DataFrame, path: Path) -> Path:
    """The table as a CSV, without the chance that nobody knows."""
    frame.drop(columns="chance", errors="ignore").to_csv(path, index=False)
    return path
