"""Names to functions, the queue behind them, and what wakes what was not picked up."""
