from tests.fixtures import Town


def test_what_is_available_is_reserved(town: Town) -> None:
    town.stock(town.central, town.chair, 5)
    order = town.register("bestallning", {town.chair: 3})
    assert town.level(town.central, town.chair) == (5, 3, 0)
    assert town.line(order).reserved == 3
