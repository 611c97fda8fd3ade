from .access import AccessLogEntry, Act

__all__ = ["AccessLogEntry", "Act"]
