"""The application as a worker of `detente serve` loads it: one that is told to stop while it loads does stop."""

from __future__ import annotations

import signal

__all__ = ["application"]

# Until Granian hears them itself, the signals would go to what the parent process has set, and be lost:
# stopping a server that is still starting would then wait for the worker in vain.  Ctrl-C reaches every process of a
# terminal, and there the parent passes it on in its own order.
signal.signal(signal.SIGTERM, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.SIG_IGN)

from detente.web.wsgi import application  # noqa: E402 - it takes as long as the record takes to load
