"""Measuring: every page and act of the flows on a filled database, beside a floor in the same process."""
