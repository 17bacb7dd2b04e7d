"""基础资料的算法: codes, check digits, units, numbers, scanned texts. Free of Django."""
