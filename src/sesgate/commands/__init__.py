"""The commands, one module each. They know exit codes and the terminal; nothing else does."""
