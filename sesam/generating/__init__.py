"""A database of a given size, made by chance from a seed: for measuring, and for looking at lists that are long."""
