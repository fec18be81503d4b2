"""One evaluator for each kind of obligation: what each party owes on a day, judged against the record."""
