"""The kinds `sum` and `equation`: a number is what other numbers make together."""

from collections.abc import Iterator, Sequence
from decimal import Context, Decimal

from pytest_qimen import xml
from pytest_qimen.messages.edits import Edit
from pytest_qimen.phrases import Said, say
from pytest_qimen.rules.model import Break, Choose, Fault, Pair, Scope, find, number, number_text, place
from pytest_qimen.spec import Message, Rule

_EXACT = Context(prec=200)


def judge_sum(rule: Rule, scope: xml.Element, _: xml.Element | None) -> Iterator[Fault]:
    """Yield a fault where the total is not the sum of the parts that stand there."""
    total = number(xml.get(scope, rule.terms["total"]))
    parts = [number(part) for part in xml.values(scope, rule.terms["parts"]) if part]
    yield from _compare(rule, scope, total, parts, say("the-sum", parts=rule.terms["parts"]))


def judge_equation(rule: Rule, scope: xml.Element, _: xml.Element | None) -> Iterator[Fault]:
    """Yield a fault where all terms are there and the total is not the plus less the minus."""
    plus, minus = rule.terms["plus"], rule.terms["minus"]
    total = number(xml.get(scope, rule.terms["total"]))
    parts = [number(xml.get(scope, path)) for path in plus]
    parts += [None if part is None else -part for part in (number(xml.get(scope, path)) for path in minus)]
    words = " + ".join(plus) + "".join(f" - {path}" for path in minus)
    yield from _compare(rule, scope, total, parts, words)


def _compare(
    rule: Rule, scope: xml.Element, total: Decimal | None, parts: list[Decimal | None], words: Said
) -> Iterator[Fault]:
    """Yield a fault where the total is not the sum of its parts; silent where one of them is no number."""
    known = [part for part in parts if part is not None]
    if total is None or not known or len(known) < len(parts):
        return
    due = Decimal()
    for part in known:
        due = _EXACT.add(due, part)
    if due != total:
        yield place(scope, rule.terms["total"]), say("due", due=f"{due:f}", terms=words), f"{total:f}"


def repair_sum(scope: Scope) -> bool | None:
    """Give every element a part, then change the total or, where it must stay, a part."""
    completed = _complete(scope)
    balanced = _balance(scope, [(1, scope.found(scope.rule.terms["parts"]))])
    return completed if balanced is None else balanced


def _complete(scope: Scope) -> bool | None:
    """Write the part into every element that stands there without it: an incomplete one adds up to nothing.

    The last of them takes what is left of the total.
    """
    group, _, name = scope.rule.terms["parts"].rpartition(".")
    row = scope.message.by_path[f"{scope.rule.prefix}{scope.rule.terms['parts']}"]
    lacking = [element for element in find(scope.root, group) if _lacks(scope, element, name)]
    total = number(xml.get(scope.root, scope.rule.terms["total"]))
    if not lacking or total is None or row.path in scope.pins:
        return None
    known = [number(element.text) or Decimal() for _, element in scope.found(scope.rule.terms["parts"])]
    left = _EXACT.subtract(total, sum(known, Decimal(len(lacking) - 1)))
    for element in lacking:
        text = number_text(row, left) if element is lacking[-1] else None
        xml.put(element, name, text or "1")
    return True


def _lacks(scope: Scope, element: xml.Element, name: str) -> bool:
    """Return whether the element holds something but no part, which nobody emptied on purpose."""
    part = element.find(name)
    return len(element) > 0 and (part is None or not part.text) and part not in scope.kept


def repair_equation(scope: Scope) -> bool | None:
    """Change the total or, where it must stay, one of the terms; nothing while a term is absent."""
    terms = scope.rule.terms
    sides = [(1, scope.found(path)) for path in terms["plus"]]
    sides += [(-1, scope.found(path)) for path in terms["minus"]]
    return _balance(scope, sides) if all(pairs for _, pairs in sides) else None


def _balance(scope: Scope, sides: Sequence[tuple[int, list[Pair]]]) -> bool | None:
    """Make total = Σ sign · value; None where one of them is no number, False where it cannot be."""
    totals = scope.found(scope.rule.terms["total"])[:1]
    signs = {element: sign for sign, pairs in sides for _, element in pairs}
    if not totals or not signs:
        return None
    signs[totals[0][1]] = -1
    values = {element: number(element.text) for element in signs}
    off = Decimal()
    for element, sign in signs.items():
        value = values[element]
        if value is None:
            return None
        off = _EXACT.add(off, sign * value)
    if not off:
        return None
    pairs = scope.free([*totals, *(pair for _, pairs in sides for pair in pairs)])
    for strict in (True, False) if scope.kept else (True,):  # what must stay may be zero or negative itself
        for row, element in pairs:
            due = _EXACT.subtract(values[element] or Decimal(), signs[element] * off)
            if (text := number_text(row, due, strict)) is not None:
                return scope.write(element, text)
    return False


def breaks_sum(rule: Rule, message: Message, choose: Choose) -> Break:
    """Return two parts of 2 each; the total says 5."""
    parts = rule.terms["parts"]
    group = parts.rpartition(".")[0]
    twice = (Edit("repeat", group, "2"),) if group.endswith("[]") else ()
    wrong = Edit("put", rule.terms["total"], "5" if twice else "3")
    right = Edit("put", rule.terms["total"], "4" if twice else "2")
    return Break((Edit("put", parts, "2"), *twice, right), wrong)


def breaks_equation(rule: Rule, message: Message, choose: Choose) -> Break:
    """Return plus parts of 2 and minus parts of 1, and a total that is one too many."""
    terms = rule.terms
    total = 2 * len(terms["plus"]) - len(terms["minus"])
    kept = [*(Edit("put", path, "2") for path in terms["plus"])]
    kept += [Edit("put", path, "1") for path in terms["minus"]]
    kept += [Edit("put", terms["total"], str(total))]
    return Break(tuple(kept), Edit("put", terms["total"], str(total + 1)))
