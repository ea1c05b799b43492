"""An invented city to try the site with and to measure it on: every name, text and figure is made up."""
