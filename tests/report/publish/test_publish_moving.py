from collections.abc import Iterable

from report.publish.moving import MOST_CHANGES, PASSES, Place, settle, to_be_moved


def test_a_figure_is_moved_where_it_is_shown_later_than_written() -> None:
    places = [Place("fig-a", 1, 1), Place("fig-b", 1, 2), Place("fig-c", 3, 2)]
    assert to_be_moved(places) == {"fig-b"}


def test_moving_one_figure_gives_another_its_room() -> None:
    def look(moved: frozenset[str]) -> Iterable[Place]:
        yield Place("fig-a", 1, 2)
        yield Place("fig-b", 2, 2 if "fig-a" in moved else 3)

    assert settle(look) == {"fig-a"}


def test_a_figure_without_rest_is_left_alone_in_the_end() -> None:
    seen: list[frozenset[str]] = []

    def look(moved: frozenset[str]) -> Iterable[Place]:
        seen.append(moved)
        yield Place("fig-a", 1, 1 if "fig-a" in moved else 2)

    settled = settle(look)
    assert settled == seen[-1]
    assert len(seen) == MOST_CHANGES + 1 <= PASSES
