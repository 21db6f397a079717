"""A line on what was done to a subject's data: when, what, to whom, and each thing it concerned; beside the history."""

import json
from collections.abc import Sequence
from datetime import datetime


def write_audit_line(action: str, code: str, details: Sequence[str]) -> None:
    """Append a line of JSON to the audit file."""
    from firingorder_session.history.engine import default_path

    path = default_path().with_name("audit.jsonl")
    path.parent.mkdir(parents=True, exist_ok=True)
    at = datetime.now().astimezone().isoformat(timespec="seconds")
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"at": at, "action": action, "subject": code, "details": list(details)}) + "\n")
