"""Keeping recordings safe: checksum chain, encryption at rest, names apart, anonymised copies, the audit trail."""
