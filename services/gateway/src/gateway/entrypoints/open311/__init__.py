"""Open311 GeoReport v2: clients of citizens' reports file grid reports and ask what became of them."""
