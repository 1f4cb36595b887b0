"""XPath 1.0 with the functions of the OpenRosa XForms specification (https://getodk.github.io/xforms-
spec/)."""
