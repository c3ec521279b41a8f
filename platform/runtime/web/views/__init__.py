"""Every page of the application, by blueprint."""

from amparo.runtime.web.views import (
    conflicts,
    finding,
    forms,
    health,
    homes,

    lists,

    records,
    reports,

    signing_in,
)

BLUEPRINTS = (
    health.pages,
    signing_in.pages,
    homes.pages,
    reports.pages,

    lists.pages,
    records.pages,
    finding.pages,
    forms.pages,
    conflicts.pages,

)
