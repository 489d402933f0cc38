"""
Where Kitsune's content changes. Most hooks are signal receivers; what Kitsune does without a signal calls a function
here. README.md lists each by the Kitsune symbol it belongs to.

Each runs in the transaction of the change and locks what it looks at, a question before its answers, so that two
changes of the same content are told in the order in which they were committed.
"""

from perennial.hooks import deletions, questions, votes, wiki  # noqa: F401
from perennial.hooks.solutions import solution_changes
from perennial.hooks.users import user_erased, users_changed

__all__ = ["solution_changes", "user_erased", "users_changed"]
