"""Every page of the application, by blueprint."""

from amparo.runtime.web.views import (
    accounts,
    conflicts,
    deleted,
    exporting,
    files,
    finding,
    forms,
    health,
    homes,
    imports,
    lists,
    progress,
    records,
    reports,
    signing_in,
    undoing,
)

BLUEPRINTS = (
    health.pages,
    signing_in.pages,
    accounts.pages,
    homes.pages,
    reports.pages,
    progress.pages,
    lists.pages,
    deleted.pages,
    records.pages,
    finding.pages,
    forms.pages,
    files.pages,
    conflicts.pages,
    imports.pages,
    exporting.pages,
    undoing.pages,
)
