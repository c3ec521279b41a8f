"""Invented organisations that the demo's cases have to do with."""

from __future__ import annotations

from dataclasses import dataclass

from amparo.runtime.demo.people import Values


@dataclass(frozen=True, slots=True)
class Partner:
    """``kind`` and ``country`` are codes of the template; the telephone is one that nobody answers."""

    name: str
    kind: str
    city: str
    country: str
    phone: str

    @property
    def values(self) -> Values:
        return {
            "name": self.name,
            "organisation_type": self.kind,
            "city": self.city,
            "country": self.country,
            "phone": self.phone,
        }


PARTNERS = (
    Partner("Lotus Lane Centre", "ngo", "Phnom Penh", "KH", "+855 555 0131"),
    Partner("Northgate House", "shelter", "Battambang", "KH", "+855 555 0132"),
    Partner("Quay Workers' Desk", "legal_service", "Samut Sakhon", "TH", "+66 55 555 0133"),
    Partner("Field and Harbour Network", "ngo", "Hai Phong", "VN", "+84 555 0134"),
    Partner("Saffron Door", "shelter", "Mae Sot", "TH", "+66 55 555 0135"),
    Partner("Riverbank Clinic", "health_service", "Siem Reap", "KH", "+855 555 0136"),
)
PARTNER_NAMES = tuple(each.name for each in PARTNERS)
