"""The read models of the gateway, one module each; every row follows from published events alone."""
