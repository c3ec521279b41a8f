"""What formulas read across lookups, for many records with one question for each lookup."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from amparo.metadata.rules.compiled import Path
from amparo.runtime.releases.live import LiveObject, LiveRelease

#: Answers of one record, and those found for it so far by path as it is written.
Followed = tuple[Mapping[str, Any], dict[str, Any]]
#: What the named fields of records of an object hold.
Holding = Callable[[LiveObject, Collection[uuid.UUID], Collection[str]], Mapping[uuid.UUID, Mapping[str, Any]]]


def follow(
    release: LiveRelease,
    live: LiveObject,
    paths: Collection[Path],
    followed: Sequence[Followed],
    holding: Holding,
    prefix: str = "",
) -> None:
    """One lookup after the other, then what is read behind each."""
    behind: dict[str, set[Path]] = defaultdict(set)
    for path in paths:
        behind[path[0]].add(path[1:])
    for name, rests in behind.items():
        if name not in live.fields:
            continue
        wanted = {rest[0] for rest in rests}
        for target in [release.object(each) for each in live.fields[name].field.targets]:
            pointing = [each for each in followed if isinstance(each[0].get(name), uuid.UUID)]
            held = holding(target, {each[0][name] for each in pointing}, wanted)
            reached = [(held[answers[name]], found) for answers, found in pointing if answers[name] in held]
            for answers, found in reached:
                found.update({f"{prefix}{name}.{each}": answer for each, answer in answers.items()})
            further = {rest for rest in rests if len(rest) > 1}
            if further and reached:
                follow(release, target, further, reached, holding, f"{prefix}{name}.")
