"""Why a case was not judged, or is waived or stale: one small type per kind, rendered by whoever shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, get_type_hints

from pytest_qimen.phrases import Phrase, Said, argument_to_json, mapped, say, text_of


@dataclass(frozen=True, slots=True)
class Reason:
    """The base of all reasons; `kind` names the type on disk."""

    kind: ClassVar[str] = ""

    def said(self) -> Said:
        """Return the sentence that says it."""
        raise NotImplementedError

    def text(self, language: str = "en") -> str:
        """Return the sentence in the language."""
        return text_of(self.said(), language)

    def __str__(self) -> str:
        """Return the sentence in English."""
        return self.text()

    def map(self, change: Callable[[str], str]) -> Reason:
        """Return the reason with `change` made to every text in it."""
        return type(self)(*(_map(getattr(self, field.name), change) for field in fields(self)))

    def to_json(self) -> dict[str, Any]:
        """Return the members with their `kind`."""
        return {"kind": self.kind} | {
            field.name: _to_json(getattr(self, field.name)) for field in fields(self)
        }


@dataclass(frozen=True, slots=True)
class Told(Reason):
    """A reason of which only the text is known: of an earlier version, or a defect of the suite."""

    words: str
    kind: ClassVar[str] = "told"

    def said(self) -> Said:
        """Return the text as it is."""
        return self.words


@dataclass(frozen=True, slots=True)
class BlockedBy(Reason):
    """Another case, which must hold first, did not."""

    case: str
    kind: ClassVar[str] = "blocked-by"

    def said(self) -> Said:
        """Return the id of that case."""
        return self.case


@dataclass(frozen=True, slots=True)
class Because(Reason):
    """A reason that one sentence says completely."""

    phrase: Phrase
    kind: ClassVar[str] = "because"

    def said(self) -> Said:
        """Return the sentence."""
        return self.phrase


class ByProfile(Reason):
    """What the target file itself says is not tested; a certificate lists it as left out."""

    __slots__ = ()

    def together(self, others: Sequence[Any]) -> Said:
        """Return one sentence for this and other reasons of its kind."""
        return self.said()


@dataclass(frozen=True, slots=True)
class LeftOut(ByProfile):
    """The target does not support these methods."""

    methods: tuple[str, ...]
    kind: ClassVar[str] = "left-out"

    def said(self) -> Said:
        """Return which methods the profile leaves out."""
        return say("left-out", methods=self.methods)

    def together(self, others: Sequence[Any]) -> Said:
        """Return which methods the profile leaves out."""
        return say("left-out", methods=_union(one.methods for one in (self, *others)))


@dataclass(frozen=True, slots=True)
class Unsplit(ByProfile):
    """The system never sends a document in parts."""

    kind: ClassVar[str] = "unsplit"

    def said(self) -> Said:
        """Return what the profile says."""
        return say("unsplit")


@dataclass(frozen=True, slots=True)
class Pinned(ByProfile):
    """The case would give another value to a field that the target file pins."""

    field: str
    kind: ClassVar[str] = "pinned"

    def said(self) -> Said:
        """Return which field is pinned."""
        return say("pinned", field=self.field)

    def together(self, others: Sequence[Any]) -> Said:
        """Return which fields are pinned."""
        return say("pinned-several", fields=_union((one.field,) for one in (self, *others)))


@dataclass(frozen=True, slots=True)
class SharedStock(ByProfile):
    """The target file pins goods and place, so that other cases change the same stock."""

    fields: tuple[str, ...]
    kind: ClassVar[str] = "shared-stock"

    def said(self) -> Said:
        """Return which fields are pinned."""
        return say("shared-stock", fields=self.fields)

    def together(self, others: Sequence[Any]) -> Said:
        """Return which fields are pinned."""
        return say("shared-stock", fields=_union(one.fields for one in (self, *others)))


@dataclass(frozen=True, slots=True)
class AboveLimit(ByProfile):
    """The case sends more than the target file's [limits] allow."""

    field: str
    limit: int
    kind: ClassVar[str] = "above-limit"

    def said(self) -> Said:
        """Return the field and its limit."""
        return say("above-limit", field=self.field, limit=self.limit)

    def together(self, others: Sequence[Any]) -> Said:
        """Return the fields and their limits."""
        limits = _union((f"{one.field} = {one.limit}",) for one in (self, *others))
        return say("above-limits", limits=limits)


@dataclass(frozen=True, slots=True)
class Unpinned(Reason):
    """A message was refused that names things which only the other side can know."""

    method: str
    fields: tuple[str, ...]
    kind: ClassVar[str] = "unpinned"

    def said(self) -> Said:
        """Return what to pin."""
        lines = tuple(f'"{self.method}:{field}" = "…"' for field in self.fields)
        return say("unpinned", method=self.method, fields=self.fields, lines=lines)


@dataclass(frozen=True, slots=True)
class Refused(Reason):
    """A message that only prepares was refused; `answer` is what the endpoint said."""

    method: str
    answer: Said
    kind: ClassVar[str] = "refused"

    def said(self) -> Said:
        """Return the method and the answer."""
        return say("setup-refused", method=self.method, said=self.answer)


@dataclass(frozen=True, slots=True)
class Network(Reason):
    """No answer, or none to its end: `word` is connect, tls, timeout, reset, protocol or too-large."""

    word: str
    detail: Said
    kind: ClassVar[str] = "network"

    def said(self) -> Said:
        """Return the word and the detail."""
        return say(self.word, reason=self.detail)


@dataclass(frozen=True, slots=True)
class AtStep(Reason):
    """Where in a case of several steps the reason arose; steps count from 1."""

    step: int
    method: str
    reason: Reason
    kind: ClassVar[str] = "at-step"

    def said(self) -> Said:
        """Return the step and its reason."""
        inner = self.reason.said()
        if isinstance(self.reason, Refused) and self.reason.method == self.method:
            inner = self.reason.answer
        return say("at-step", step=self.step, method=self.method, reason=inner)


@dataclass(frozen=True, slots=True)
class Waived(Reason):
    """A known failure that is forgiven until a day, YYYY-MM-DD."""

    until: str
    reason: str
    kind: ClassVar[str] = "waived"

    def said(self) -> Said:
        """Return until when, and why."""
        return say("waived", date=self.until, reason=self.reason)


@dataclass(frozen=True, slots=True)
class Drawn(Reason):
    """A drawn message showed it: by which seed, where it is kept, and what was done, for a sequence."""

    seed: int
    file: str
    moves: str
    reason: Reason | None
    kind: ClassVar[str] = "drawn"

    def said(self) -> Said:
        """Return the moves, the inner reason, the seed and the file."""
        parts: list[Phrase | str] = []
        if self.moves and self.reason:
            parts.append(say("sequence", moves=self.moves, reason=self.reason.said()))
        elif self.moves or self.reason:
            parts.append(self.reason.said() if self.reason else self.moves)
        if self.seed >= 0:
            parts.append(say("drawn", seed=self.seed))
        if self.file:
            parts.append(say("kept", file=self.file))
        return parts[0] if len(parts) == 1 else say("joined", parts=tuple(parts))


KINDS: Mapping[str, type[Reason]] = {
    one.kind: one
    for one in (
        *(Told, BlockedBy, Because, LeftOut, Pinned, SharedStock, AboveLimit, Unpinned, Refused, Network),
        *(AtStep, Waived, Drawn, Unsplit),
    )
}
_DEEPEST = 8


def innermost(reason: Reason | None) -> Reason | None:
    """Return the reason without the steps and drawn messages around it."""
    while isinstance(reason, AtStep | Drawn):
        reason = reason.reason
    return reason


def reason_from_json(found: Any, deep: int = 0) -> Reason:
    """Return the reason that `to_json` wrote; ValueError for what is none."""
    if not isinstance(found, dict) or found.get("kind") not in KINDS or deep > _DEEPEST:
        raise ValueError("expected a reason with a known kind")
    made = KINDS[found["kind"]]
    hints = get_type_hints(made)
    names = [field.name for field in fields(made)]
    if found.keys() != {"kind", *names}:
        raise ValueError(f"a reason of kind {made.kind!r} has {', '.join(names)}")
    return made(*(_from_json(found[name], str(hints[name]), deep) for name in names))


def _union(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return each name of the groups once, in order."""
    return tuple(sorted({name for names in groups for name in names}))


def _map(value: Any, change: Callable[[str], str]) -> Any:
    return value.map(change) if isinstance(value, Reason) else mapped(value, change)


def _to_json(value: Any) -> Any:
    return value.to_json() if isinstance(value, Reason) else argument_to_json(value)


def _from_json(value: Any, hint: str, deep: int) -> Any:
    """Return a member of a reason, checked against its type."""
    if value is None and "None" in hint:
        return None
    if "Reason" in hint:
        return reason_from_json(value, deep + 1)
    if isinstance(value, dict) and value.keys() == {"phrase"} and "Phrase" in hint:
        return Phrase.from_json(value["phrase"])
    if isinstance(value, list) and "tuple" in hint and all(isinstance(one, str) for one in value):
        return tuple(value)
    if isinstance(value, str) and "str" in hint and "tuple" not in hint:
        return value
    if type(value) is int and "int" in hint:
        return value
    raise ValueError(f"a reason holds {type(value).__name__} where it cannot")
