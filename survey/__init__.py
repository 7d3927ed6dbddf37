"""Survey: instruments, intake, checks, the register of cities, simulation, findings."""
