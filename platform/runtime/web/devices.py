"""Which device a session began on, in two plain words: its owner knows it again, nobody can be followed by it."""

from __future__ import annotations

from flask_babel import gettext

#: What a browser calls itself -> its name. In this order: most claim to be Chrome or Safari, too.
_BROWSERS = {
    "SamsungBrowser/": "Samsung Internet",
    "UCBrowser/": "UC Browser",
    "OPR/": "Opera",
    "Opera Mini": "Opera Mini",
    "Edg": "Edge",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
_SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "CrOS": "Chromebook",
    "Macintosh": "Mac",
    "Linux": "Linux",
}
_BETWEEN = "/"


def device_of(user_agent: str) -> str | None:
    """``Firefox/Android``; either part may be empty, None for neither. Versions and models are not kept."""
    browser, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    return f"{browser}{_BETWEEN}{system}" if browser or system else None


def _first(names: dict[str, str], user_agent: str) -> str:
    return next((name for mark, name in names.items() if mark in user_agent), "")


def device_words(device: str | None) -> str:
    """“Firefox on Android”."""
    browser, _, system = (device or "").partition(_BETWEEN)
    if browser and system:
        return gettext("%(browser)s on %(system)s", browser=browser, system=system)
    return browser or system or gettext("A device that does not say what it is")
