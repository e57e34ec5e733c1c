"""The best set of tools: cost, limits, exact search, contributions, Pareto frontier."""
