from collections.abc import Iterable

import pytest

from report.publish.moving import PASSES, STEPS, Place, Stand, Stands, contradictions, settle


def test_a_figure_in_its_place_that_is_shown_later_than_written_does_not_stand_right() -> None:
    places = [Place("fig-a", 1, 1), Place("fig-b", 1, 2), Place("fig-c", 3, 2)]
    assert contradictions(places, {}) == {"fig-b"}


def test_a_moved_figure_on_its_own_page_does_not_stand_right() -> None:
    places = [Place("fig-a", 1, 1), Place("fig-b", 1, 2)]
    assert contradictions(places, dict.fromkeys(("fig-a", "fig-b"), Stand.MOVED)) == {"fig-a"}


@pytest.mark.parametrize("shown", [1, 2])
def test_a_kept_figure_always_stands_right(shown: int) -> None:
    assert not contradictions([Place("fig-a", 1, shown)], {"fig-a": Stand.KEPT})


def test_moving_one_figure_gives_another_its_room() -> None:
    def look(stands: Stands) -> Iterable[Place]:
        yield Place("fig-a", 1, 2)
        yield Place("fig-b", 2, 2 if "fig-a" in stands else 3)

    settled = settle(look)
    assert settled["fig-a"] is Stand.MOVED
    assert settled["fig-b"] is Stand.PLACE


def test_a_figure_that_takes_its_heading_along_is_kept_with_it() -> None:
    """Moved, it would stand above the heading that announces it."""
    seen: list[Stands] = []

    def look(stands: Stands) -> Iterable[Place]:
        seen.append(dict(stands))
        yield Place("fig-a", 1, 1 if stands.get("fig-a") is Stand.MOVED else 2)

    assert settle(look) == {"fig-a": Stand.KEPT}
    assert [each.get("fig-a", Stand.PLACE) for each in seen] == list(STEPS)


def test_what_has_no_rest_when_the_passes_end_is_kept() -> None:
    passes: list[Stands] = []

    def look(stands: Stands) -> Iterable[Place]:
        """Give each pass a figure more that has no room."""
        passes.append(stands)
        for at in range(len(passes)):
            label = f"fig-{at}"
            yield Place(label, 1, 1 if stands.get(label) is Stand.MOVED else 2)

    settled = settle(look)
    assert len(passes) == PASSES
    assert settled[f"fig-{PASSES - 1}"] is Stand.KEPT
