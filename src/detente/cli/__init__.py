"""The command line: a person reads, and nothing is decided here."""
import sys
from detente.reading import open_casebook
def run():
    cb=open_casebook(*sys.argv[2:])
    n={}
    for p in cb.problems:
        n[p.severity]=n.get(p.severity,0)+1
        if p.severity!='note': print(p)
    print(n, cb.record.frame.height,'statements', len(cb.instruments),'instruments')
