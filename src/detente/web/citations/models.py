"""The one table of the web face: which page was cited, under which stamp, and the fingerprint of what it said."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

__all__ = ["Citation"]


class Citation(models.Model):
    """A page as it was cited; never changed and never removed by the program."""

    code = models.CharField(primary_key=True, max_length=12)
    path = models.CharField(max_length=1000)
    query = models.CharField(max_length=2000)
    stamp = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    """Of the page's JSON, byte for byte."""
    title_en = models.CharField(max_length=500)
    title_ru = models.CharField(max_length=500)
    made_at = models.DateTimeField()

    objects: ClassVar[models.Manager[Citation]] = models.Manager()

    def __str__(self) -> str:
        return f"{self.code}: {self.address}"

    @property
    def address(self) -> str:
        """The address of the page, with the whole choice."""
        return f"{self.path}?{self.query}"
