"""What helps to test and to compare, and is no test itself."""
