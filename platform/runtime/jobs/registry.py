"""Every kind of job. Collected and checked once, when this module is first imported."""

from __future__ import annotations

from collections.abc import Mapping

from amparo.metadata.collecting import collect
from amparo.runtime.jobs.kinds import JobKind
from amparo.runtime.places.jobs import PLACES
from amparo.runtime.transfer.jobs import EXPORT, IMPORT, UNDO_IMPORT

#: name -> kind.
JOB_KINDS: Mapping[str, JobKind] = collect((IMPORT, EXPORT, UNDO_IMPORT, PLACES))
