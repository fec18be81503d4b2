"""The database made ready before the server starts: the folder is there, and the tables are those of this version."""

from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.db import connection

__all__ = ["made_ready", "migrate"]


def migrate() -> str:
    """Bring the database to the tables of this version; return what is in the way, or nothing."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "detente.web.settings")
    try:
        django.setup()
        if settings.READ_ONLY:
            return ""
        _make_folder()
        call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
        _try_to_write()
    except Exception as fault:  # whatever is in the way of keeping citations, it is in no way of reading
        return " ".join(str(fault).split()) or type(fault).__name__
    return ""


def made_ready() -> str:
    """Do the same in a process of its own, so that the server itself opens no database; return what is in the way."""
    here, there = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.Process(target=_tell, args=(there,), daemon=True)
    process.start()
    there.close()
    try:
        told: str = here.recv()
    except EOFError:
        told = "the process that looks after the database ended early"
    process.join()
    return told


def _tell(there: Connection) -> None:
    # Ctrl-C reaches every process of a terminal: the one that waits for this one answers it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    there.send(migrate())
    there.close()


def _make_folder() -> None:
    """Make the folder of a database that is a file."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3") and database["NAME"] != ":memory:":
        Path(database["NAME"]).parent.mkdir(parents=True, exist_ok=True)


def _try_to_write() -> None:
    """Raise DatabaseError where the database can be read and not written."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA user_version = 0")
