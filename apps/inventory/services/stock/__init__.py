"""Posting of stock documents.

The line of a posting: `naming` finds what the codes mean, `opening` locks the settings and says the date, `shelves`
locks what lies there and chooses lots, a verb (`receiving`, `issuing`, …) makes legs of it, `engine` numbers and
writes them, `valuing` says what each is worth, `writing` writes all rows in one statement.
"""
