"""统计底账: what figures count; every row is valid from when it was recorded, so any moment can be asked."""
