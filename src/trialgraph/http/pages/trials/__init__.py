"""``/trials``: the evidence table, a page and files; what other pages need of it.

Input: an address, which holds the state of the table. Output: a page, or the same rows as a file.
"""

from trialgraph.http.pages.trials.index import index_of_trials
from trialgraph.http.pages.trials.routes import blueprint
from trialgraph.http.pages.trials.state import list_address

__all__ = ["blueprint", "index_of_trials", "list_address"]
