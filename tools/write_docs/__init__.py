"""Write the reference pages from the code and the record; with `--check`, only say whether one would change.

Whole pages stand in `docs/reference/`.  In other pages the part between `<!-- written: NAME -->` and
`<!-- /written -->`, and the output of a command after `<!-- output: COMMAND -->`, are written here and the rest
is kept by hand.  The same code and record give the same bytes.
"""

from tools.write_docs.files import ROOT
from tools.write_docs.files import left_over
from tools.write_docs.files import stale
from tools.write_docs.json_pages import ANSWERS
from tools.write_docs.json_pages import WRITING
from tools.write_docs.json_pages import schema_name
from tools.write_docs.pages import main
from tools.write_docs.pages import written

__all__ = ["ANSWERS", "ROOT", "WRITING", "left_over", "main", "schema_name", "stale", "written"]
