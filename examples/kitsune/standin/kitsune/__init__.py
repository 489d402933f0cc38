"""A stand-in for Kitsune: the models, fields, tables and transitions that the example needs, by the same names."""
