"""Print what the record costs: loading its tables, asking questions, resolving 40 inputs of 500 observations.

python -m tests.benchmarks.record_speed
"""

import time
from dataclasses import replace


def measure(what: str, call: object, repeat: int = 5) -> None:
    """Print the best of several runs in milliseconds."""
    times = []
    for _ in range(repeat):
        start = time.perf_counter()
        call()  # type: ignore[operator]
        times.append(time.perf_counter() - start)
    print(f"{what}: {1000 * min(times):.2f} ms (first {1000 * times[0]:.2f})")


def main() -> None:
    start = time.perf_counter()
    from medgui.record.variables import VARIABLES

    len(VARIABLES)
    print(f"import and load variables: {1000 * (time.perf_counter() - start):.2f} ms")
    from medgui.record.fact_rules import drug_rules, rules

    start = time.perf_counter()
    rules(), drug_rules()
    print(f"load facts: {1000 * (time.perf_counter() - start):.2f} ms")
    from medgui.record.questions import raise_questions
    from medgui.record.resolve import resolve
    from tests.record.build import AS_OF, condition, observation, record

    names = [v.name for v in VARIABLES.values() if v.kind == "quantity"][:40]
    values = [
        observation(
            name, sum(VARIABLES[name].usual) / 2, VARIABLES[name].unit, f"2026-0{1 + i % 9}-0{1 + i % 7}"
        )
        for i in range(13)
        for name in names
    ]
    problems = [condition(f"Finding number {i} of the left knee") for i in range(40)]
    rec = record(*values[:500], *problems)
    measure("raise_questions, 500 observations, 40 problems", lambda: raise_questions(rec))
    asked = raise_questions(rec)

    def resolve_all() -> None:
        changed = replace(asked, generation=asked.generation + 1)
        for name in names:
            resolve(changed, name, as_of=AS_OF)

    measure("resolve 40 names of a new generation", resolve_all)
    measure("resolve 40 names again", lambda: [resolve(asked, name, as_of=AS_OF) for name in names])


if __name__ == "__main__":
    main()
