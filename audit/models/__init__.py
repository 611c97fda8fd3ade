from parties.looks import Act

from .access import AccessLogEntry

__all__ = ["AccessLogEntry", "Act"]
