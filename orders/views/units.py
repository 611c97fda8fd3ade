from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from orders import roles
from orders.chips import up_to_cap
from orders.unit_page import MOST_SHOWN, UnitPage
from parties.models import Party
from parties.requests import UserRequest


@require_safe
@permission_required(roles.VIEW_ORDERS, raise_exception=True)
def unit_detail(request: UserRequest, pk: int) -> HttpResponse:
    """*Enhet*: a unit of the own municipality, and for Hjälpmedelsservice any; of another municipality a 404."""
    units = Party.objects.visible_to(request.user).select_related("parent", "payer")
    page = UnitPage(unit=get_object_or_404(units, pk=pk), viewer=request.user)
    context = {
        "unit": page.unit,
        "page": page,
        "open_orders": up_to_cap(page.open_orders()),
        "holdings": up_to_cap(page.holdings()),
        "stores": page.stores(),
        "orderers": page.orderers(),
        "units": page.units() if page.unit.is_municipality else [],
        "most": MOST_SHOWN,
    }
    return render(request, "orders/unit.html", context)
