"""Write a row, count rows, enqueue a task, ask for the cache."""

from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from small_tasks import work_slowly


def write(request: HttpRequest, name: str) -> HttpResponse:
    cache.set("last", name)
    with transaction.atomic():
        Group.objects.create(name=name)
    return HttpResponse("ok")


def names(request: HttpRequest) -> HttpResponse:
    return JsonResponse(
        {"names": sorted(Group.objects.values_list("name", flat=True)), "last": cache.get("last")}
    )


def enqueue(request: HttpRequest) -> HttpResponse:
    work_slowly.enqueue()
    return HttpResponse("ok")


urlpatterns = [path("", names), path("write/<name>", write), path("enqueue", enqueue)]
