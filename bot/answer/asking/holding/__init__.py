"""How a fact is read, and held against a question: what of it the fact tells, and whether it decides."""
