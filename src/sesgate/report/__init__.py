"""The report: one model, from which every form is rendered."""
