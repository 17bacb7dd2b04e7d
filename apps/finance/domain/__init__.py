"""Arithmetic of bookkeeping: numbers in, numbers out, no Django.

Money is `Decimal` in CNY to the fen, quantities in stock units. A signed balance is debit minus credit
unless a docstring says otherwise. Sources: 小企业会计准则 (财会〔2011〕17号) and its appendix,
会计基础工作规范 (令98).
"""
