"""Money, discounts and gifts that a text promises."""
