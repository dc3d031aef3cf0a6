"""A protocol case and a Target in, the case on another method out, where the target has not the usual one."""

from dataclasses import replace
from functools import cache

from pytest_qimen import spec
from pytest_qimen.cases.model import Case, Kind, Step, minimal_id, probe_name
from pytest_qimen.messages.edits import Edit
from pytest_qimen.target.model import Target

ROOMY = 200  # characters that the free text of a method must take: as many as any case writes


def suited(case: Case, target: Target) -> Case:
    """Return a protocol case on a method of the same role that can be called; its id stays.

    It stays what it is where its own method can be called, where there is no other, and where it is about a
    text or about JSON and the other method has no such thing.
    """
    if case.kind not in (Kind.SMOKE, Kind.PROTOCOL) or _can_call(target, case.apis[0]):
        return case
    usual = case.apis[0]
    others = [api for api in _of_probe(probe_name(usual)) if _can_call(target, api) and _can_show(case, api)]
    if not others:
        return case
    api = min(others, key=lambda one: _trouble(target, one))
    text, own = free_text(api), _text_of(case)
    if own and not text and any(change.path == own for change in case.steps[0].changes[1:]):
        return case
    return replace(
        case,
        method=api.method,
        steps=tuple(_moved(step, api, own, text) for step in case.steps),
        requires=tuple(minimal_id(api) if one == minimal_id(usual) else one for one in case.requires),
    )


def _can_show(case: Case, api: spec.Api) -> bool:
    """Return False where the case breaks JSON and no parameter of the method holds any."""
    nested = any("." in row.path for row in api.request.leaves)
    return nested or not any(name.startswith("json-") for step in case.steps for name in step.tampers)


def free_text(api: spec.Api) -> str:
    """Return the path of a text of the method that may say anything; empty where there is none."""
    free = [
        row.path
        for row in api.request.leaves
        if row.type == "string" and not (row.key or row.refers or row.codes or row.format or row.separator)
        if row.name == "remark" and not row.doubt and "[]" not in row.path and (row.max or ROOMY) >= ROOMY
    ]
    if free or api.protocol == "top":
        return min(free, key=len, default="")
    # below every group a remark is legal, also where none is printed (design.md 6.6)
    groups = ("", *(f"{row.path}." for row in api.request.fields if not row.leaf and row.type == "group"))
    return next(path for group in groups if (path := f"{group}remark") not in api.request.by_path)


def _text_of(case: Case) -> str:
    """Return the path of the probe's text, which every step with a text writes first."""
    changes = case.steps[0].changes
    return changes[0].path if changes and changes[0] == Edit("put", changes[0].path, "probe") else ""


def _moved(step: Step, api: spec.Api, own: str, text: str) -> Step:
    """Return the step on another method, with what it writes into its own text in the other's.

    A step that changes a free text after signing gets one: a changed code may be refused for being unknown.
    """
    changes = tuple(
        replace(change, path=text) if own and change.path == own else change
        for change in step.changes
        if text or not own or change.path != own
    )
    if text and not own and any(tamper.startswith("flip-") for tamper in step.tampers):
        changes = (Edit("put", text, "probe"), *changes)
    return replace(step, api=api, changes=changes)


@cache
def _of_probe(name: str) -> tuple[spec.Api, ...]:
    """Return the methods for which a probe speaks."""
    return tuple(api for api in spec.load_all() if probe_name(api) == name)


def _can_call(target: Target, api: spec.Api) -> bool:
    return target.supports(api) and (api.readonly or not target.readonly)


def _trouble(target: Target, api: spec.Api) -> tuple[bool, int, int, str]:
    """Return what makes a method a worse choice: unknown values, setups, demanded fields."""
    pins = target.pins(api)
    setups = [spec.load_api(setup["method"]) for setup in api.setup]
    unknown = not all(_can_call(target, one) for one in setups)
    unknown = unknown or (bool(api.foreign) and not any(path in pins for path in api.foreign))
    return unknown, len(setups), sum(row.need == "must" for row in api.request.fields), api.method
