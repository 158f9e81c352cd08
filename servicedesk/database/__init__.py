"""The engine of the desk's database: PostgreSQL as Django has it, with an end to every wait."""
