"""The manager's report: a release and the year's evidence in words, tables and drawings, in two languages."""
