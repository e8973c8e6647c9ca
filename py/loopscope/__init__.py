"""Loopscope: an oscilloscope for Python's asyncio.

``record(source)`` runs a program on a traced event loop and returns its trace.
"""

from .record import record

__all__ = ["record"]
