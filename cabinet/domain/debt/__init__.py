"""What is still to be done, by whom: debts instead of dead ends."""
