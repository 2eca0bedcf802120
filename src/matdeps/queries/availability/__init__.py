"""Availability under a scenario: what is restricted, what it closes, and how much of each node is left, in bounds."""
