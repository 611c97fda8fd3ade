import pytest

from parties.models import Party
from parties.sorting import swedish_order

pytestmark = pytest.mark.django_db


def test_sorts_as_a_swedish_reader_expects() -> None:
    names = ["Öckerö", "Ängelholm", "Åmål", "Zinkgruvan", "arvika", "Eda"]
    Party.objects.bulk_create(
        Party(number=str(number), name=name, is_municipality=True) for number, name in enumerate(names)
    )
    sorted_names = list(Party.objects.order_by(swedish_order("name")).values_list("name", flat=True))
    assert sorted_names == ["arvika", "Eda", "Zinkgruvan", "Åmål", "Ängelholm", "Öckerö"]
