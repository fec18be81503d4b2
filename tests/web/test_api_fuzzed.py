"""The API under generated questions, by its own document: no fault of the program, and every answer in its shape."""

from __future__ import annotations

from typing import Any

import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck
from hypothesis import settings
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig

from detente.web.api import last_counted_day
from detente.web.page import today

KNOWN = {
    "party": ["USA", "RUS", "SUN", "IRN", "IAEA", "France", "Атлантида"],
    "pair": ["USA,RUS", "RUS,USA", "USA,IRN", "USA, PRK", "USA,Mu"],
    "instrument": ["new-start", "INF Treaty", "npt", "jcpoa", "no-such-treaty"],
    "forum": ["bcc", "scc", "nobody"],
    "claim": ["worst-since-1962", "best-ever"],
    "issue": ["strategic-arms", "weather"],
    "measure": ["deployed-warheads", "tons"],
    "source": ["sa.new-start-text", "hearsay"],
    "year": ["1962", "2018", "2999"],
    "number": ["1", "2", "99999"],
    "text": ["9m729", "II.1(b)", "ракета", "%"],
    "article": ["II.1(b)", "I", "XIV.2", "none"],
    "id": ["new-start/II.1(b)/RUS", "due.new-start.term", "new-start", "USA", "a/b", "%", "'"],
    "period": ["3y", "0d", "99Y", "P18M", "90d"],
}
"""Names that the record holds and names that it does not: random letters alone would only ever find the latter."""

days = st.dates(min_value=today().replace(year=1900), max_value=last_counted_day(today())).map(str)
schemathesis.openapi.format("date", days)
schemathesis.openapi.format("days", st.lists(days, min_size=1, max_size=2).map(",".join))
for name, values in KNOWN.items():
    schemathesis.openapi.format(name, st.sampled_from(values))

config = SchemathesisConfig.from_dict({"generation": {"max-examples": 12}})
schema = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application(), config=config)


@schema.parametrize()
@settings(max_examples=12, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_document_describes(case: schemathesis.Case[Any]) -> None:
    case.call_and_validate(headers={"Host": "localhost", "Accept-Encoding": "identity"})
