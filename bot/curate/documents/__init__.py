"""Documents as text: composed, changed, checked, compared, and cited with ease. Pure."""
