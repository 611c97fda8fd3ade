"""The project's URLs, and the floor: the smallest page that knows who is logged in and renders the frame."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from sesam.urls import handler400, handler403, handler404, handler500
from sesam.urls import urlpatterns as project

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def floor(request: HttpRequest) -> HttpResponse:
    return render(request, "base.html")


urlpatterns = [*project, path("golv/", floor, name="floor")]
