"""What people do with a candidate: freeze, look once, approve; and the gates that ask for it."""
