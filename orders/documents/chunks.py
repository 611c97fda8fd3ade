from collections.abc import Iterator, Sequence


def chunks[T](items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items in parts of at most `size`: a table's row must fit on a page."""
    return (items[start : start + size] for start in range(0, len(items), size))
