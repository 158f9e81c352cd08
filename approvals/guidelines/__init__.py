"""The guidelines: which apply, how they are edited, tried and confirmed."""
