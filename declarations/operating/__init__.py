"""Jobs, deletion by rule, rates, and the system checks of an installation."""
