"""受理域: what the grassroots say and judge, decided without clock, chance or I/O."""
