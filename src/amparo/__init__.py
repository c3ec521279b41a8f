"""Case management that an organisation shapes without code."""

__version__ = "0.1.0"
