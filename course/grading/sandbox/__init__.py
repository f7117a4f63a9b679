"""Two walls around every submission, and the kernels behind them."""
