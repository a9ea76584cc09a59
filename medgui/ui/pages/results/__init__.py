"""The Results page: one row a finding; opening a row shows why, the inputs, and what-if."""
