"""
Hooks for every change of Kitsune's content. Most are signal receivers; where Kitsune sends no signal, it calls a
function here. README.md lists them by the Kitsune symbol to which they belong.

Each hook runs in the transaction of the change and locks the rows that it reads, a question before its answers, so that
changes of one content are recorded in the order in which they are committed.
"""

from perennial.hooks import deletions, questions, votes, wiki  # noqa: F401
from perennial.hooks.solutions import solution_changes
from perennial.hooks.users import user_erased, users_changed

__all__ = ["solution_changes", "user_erased", "users_changed"]
