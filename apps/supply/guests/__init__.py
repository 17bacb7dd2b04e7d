"""免登录供应商: what a firm without company sees and does, in the role `guest`, never in a company's schema."""
