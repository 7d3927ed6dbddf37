"""The call plan: who calls which city when, how even it is, and what it can tell apart."""
