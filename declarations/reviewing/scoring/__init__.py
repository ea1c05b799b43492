"""The score sheet: settings of a year, sheets of reviewers, grades and what they allow."""
