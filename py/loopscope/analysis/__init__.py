"""Plain functions over a trace. Nothing here knows a loop: a trace from a file is as good as one just made."""
