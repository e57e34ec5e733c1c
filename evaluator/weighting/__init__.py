"""Weights from people: elicitation by swings, ranks and pairs, stakeholders kept apart and combined."""
