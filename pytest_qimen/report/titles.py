"""A check, or the cause that it found, in; the defect in one sentence, in both languages, out."""

from pytest_qimen.cases.requirements import load_requirements
from pytest_qimen.phrases import PHRASES, Phrase, say
from pytest_qimen.report.causes import Cause
from pytest_qimen.toml import Text


def defect(check: str) -> Phrase | None:
    """Return the defect that the check finds, or that its family does; None for one that is not known."""
    while check and f"defect-{check}" not in PHRASES:
        check = check.rpartition(".")[0]
    return say(f"defect-{check}") if check else None


def title(cause: Cause) -> Text:
    """Return what is wrong: closer words where there are some, else with the requirement's sentence."""
    closer = f"defect-{cause.check}-{cause.about}"
    if closer in PHRASES:
        return Text(say(closer).text("zh"), say(closer).text())
    found = defect(cause.check)
    if found is None:
        return Text(cause.check, cause.check)
    wanted = load_requirements().get(cause.about) if cause.check.startswith("contract") else None
    if wanted:
        return Text(
            *(_of(found, sentence, way) for sentence, way in ((wanted.text.zh, "zh"), (wanted.text.en, "en")))
        )
    return Text(found.text("zh"), found.text())


def _of(found: Phrase, sentence: str, language: str) -> str:
    return say("defect-of", defect=found, sentence=sentence).text(language)
