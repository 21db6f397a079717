"""The commands, one module each: `EPILOG`, `add_arguments(parser)` and `run(arguments)`."""
