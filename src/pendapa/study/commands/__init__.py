"""The tasks of `pendapa study`, one module each, with `add_arguments(parser)` and `run(args) -> int`.

They import what they run only when they run: `pendapa study --help` needs no scipy.
"""
