"""Paper: vouchers and tables as PDF, fonts embedded. The styles stand in `templates/finance/print/`."""
