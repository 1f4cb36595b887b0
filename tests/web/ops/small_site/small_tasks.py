"""A task that is slow the first time, so that a test can kill its worker in the middle."""

import os
import time

from django.contrib.auth.models import Group
from django_tasks import task


@task()
def work_slowly() -> None:
    _, first = Group.objects.get_or_create(name="begun")
    Group.objects.create(name=f"worker {os.getpid()}")
    if first:
        time.sleep(60)
    Group.objects.create(name="finished")
