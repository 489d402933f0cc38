"""
Kitsune's numbers, read from the log. Each module has the functions of one of Kitsune's apps, under their own names, so that
what shows a number changes by an import. CONSUMERS.md lists the lines; PERENNIAL_STAGE decides what is shown.
"""
