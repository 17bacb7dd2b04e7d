"""The arithmetic of billing: numbers in, numbers out. No database, no clock, no framework.

Every function names the rule (R-…) it carries out. Preview and charge call the same functions, so
a price that was shown is the price that is charged.
"""
