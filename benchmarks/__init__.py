"""What `make bench` measures: Détente against its peers and floors, as ratios within one run."""
