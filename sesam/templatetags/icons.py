"""The icons of heroicons, each drawn once: the package copies and writes a tree of XML for every one on a page.

Templates load it as `heroicons` (see `TEMPLATES`); names and attributes stand in the templates, so they are few.
"""

from functools import lru_cache

from django import template
from heroicons.templatetags import heroicons

register = template.Library()
for draw in (heroicons.heroicon_micro, heroicons.heroicon_mini, heroicons.heroicon_outline, heroicons.heroicon_solid):
    register.simple_tag(lru_cache(maxsize=256)(draw), name=draw.__name__)
