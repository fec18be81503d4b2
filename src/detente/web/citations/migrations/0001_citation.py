"""The table of citations, as it was first made."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations
from django.db import models

__all__ = ["Migration"]


class Migration(migrations.Migration):
    """Make the table."""

    initial = True

    dependencies: ClassVar[list[tuple[str, str]]] = []

    operations: ClassVar[list[migrations.operations.base.Operation]] = [
        migrations.CreateModel(
            name="Citation",
            fields=[
                ("code", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("path", models.CharField(max_length=1000)),
                ("query", models.CharField(max_length=2000)),
                ("stamp", models.CharField(max_length=200)),
                ("sha256", models.CharField(max_length=64)),
                ("title_en", models.CharField(max_length=500)),
                ("title_ru", models.CharField(max_length=500)),
                ("made_at", models.DateTimeField()),
            ],
        ),
    ]
