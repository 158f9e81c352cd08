"""Reading a text: clauses, prose, language, manner."""
