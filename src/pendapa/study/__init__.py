"""Mixed method: sampling, the instrument and its gate, agreement of coders and raters, conclusions.

The public face stands in docs/study.md. Nothing is imported here, so that one module does not bring scipy along
for another that does not need it.
"""
