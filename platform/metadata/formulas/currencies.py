"""Amounts of money as a text."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from amparo.metadata.formulas.decimals import CONTEXT, rounded

#: By ISO 4217, where it is not two.
DECIMALS = dict.fromkeys(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
) | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)


def currency_text(code: str, amount: Decimal | int) -> str:
    """``USD -1,000.50``: the code, and the amount with its currency's decimals."""
    decimals = DECIMALS.get(code, 2)
    # Plus makes -0 into 0.
    return f"{code} {CONTEXT.plus(rounded(Decimal(amount), decimals, ROUND_HALF_UP)):,.{decimals}f}"
