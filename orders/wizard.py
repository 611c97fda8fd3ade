"""The steps of the wizard: which one a draft has come to, and where it is."""

from django.urls import reverse

from .models import Order


def current_step_url(order: Order) -> str:
    """Where a draft goes on."""
    return reverse("order_type", args=[order.pk])
