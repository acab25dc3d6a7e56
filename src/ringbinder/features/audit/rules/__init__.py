"""What the audit trail's proofs are made of, and how they are checked, without input or output."""
