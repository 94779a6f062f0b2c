"""Issues in the words of the HTTP service: no hint names an option of the command line."""

from routeplanner.domain.scenario import Language
from routeplanner.errors import Issue
from routeplanner.texts import has_text, text


def for_service(issue: Issue, language: Language) -> Issue:
    """An issue with the message and hint that fit a caller of the service."""
    known = {"column": issue.column or "", "value": issue.value or "", "file": issue.file or ""}
    keys = {"message": f"service.{issue.code}", "hint": f"service.{issue.code}_HINT"}
    words = {part: text(key, language, **known) for part, key in keys.items() if has_text(key)}
    return issue.model_copy(update=words)
