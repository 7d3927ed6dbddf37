"""The bars of a run whose steps go on side by side."""

from concurrent.futures import ThreadPoolExecutor

from hotline_index.progress import Bars


def finished(bars: Bars) -> dict[str, bool]:
    return {task.description.split()[0]: task.finished for task in bars._bars.tasks}


def test_a_step_ends_where_its_thread_says_so_or_begins_another():
    bars = Bars()
    with ThreadPoolExecutor(1) as beside:
        beside.submit(bars.step, "profiles", 2).result()
        bars.step("write")
        assert finished(bars) == {"profiles": False, "write": False}
        bars.done()
        assert finished(bars) == {"profiles": False, "write": True}
        beside.submit(bars.step, "release").result()
        assert finished(bars) == {"profiles": True, "write": True, "release": False}
        beside.submit(bars.done).result()
    assert all(finished(bars).values())
    bars.done()


def test_a_step_of_known_length_ends_with_its_last_part():
    bars = Bars()
    advance = bars.step("profiles", 3)
    advance(2)
    assert finished(bars) == {"profiles": False}
    advance(1)
    assert finished(bars) == {"profiles": True}
