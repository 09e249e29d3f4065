"""Form of a content kind's records in an export file, as far as it does not follow from the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class BundleFormat:
    """Names of a kind and its fields in an export file ("bundle"); types, order and references follow from the model.

    Nothing has to be given: by default every field of the model is exported, under its name with spaces.
    """

    # Name of one record, and of the list of them; by default the name of the kind, and that with an "s".
    name: str = ""
    section: str = ""
    # Fields whose values together name a record, where it has no slug.
    key: tuple[str, ...] = ("slug",)
    words: Mapping[str, str] = field(default_factory=dict)
    omitted: tuple[str, ...] = ()
    # Words of earlier versions: the list below the record that has such a text in a row of its own now, and the row's
    # field.
    moved: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    # Sentences on what does not go together in the values of one record.
    conflicts: Callable[[Mapping[str, object]], Iterable[str]] | None = None
