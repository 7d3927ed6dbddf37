"""KPIs: a registry of operating figures, their checks, pooling over periods, and targets."""
