"""What screens share: values of forms, lists that stop."""
