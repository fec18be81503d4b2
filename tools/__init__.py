"""Tools for the people who keep the program; none of them is needed to use it."""
