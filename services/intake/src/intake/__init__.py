"""吹哨 (intake): whistles, grid reports and express letters, from the draft to the verdict."""
