"""That the record was not altered: logs of bytes, their proofs, signatures and witnesses; it knows no treaty."""
