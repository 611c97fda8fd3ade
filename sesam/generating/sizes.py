from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many rows of each kind there will be."""

    articles: int
    warehouses: int
    suppliers: int
    users: int
    patients: int
    devices: int
    orders: int
    lines_per_order: int
    movements: int


REGION = Size(
    articles=100_000,
    warehouses=250,
    suppliers=300,
    users=20_000,
    patients=200_000,
    devices=300_000,
    orders=1_000_000,
    lines_per_order=3,
    movements=10_000_000,
)
SMALL = Size(
    articles=1_000,
    warehouses=3,
    suppliers=3,
    users=200,
    patients=2_000,
    devices=3_000,
    orders=10_000,
    lines_per_order=3,
    movements=100_000,
)
TINY = Size(
    articles=100,
    warehouses=3,
    suppliers=3,
    users=40,
    patients=60,
    devices=40,
    orders=300,
    lines_per_order=3,
    movements=3_200,
)
SIZES = {"region": REGION, "small": SMALL, "tiny": TINY}
