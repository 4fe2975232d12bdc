"""Chapter 12: a perfect stage swapped in, one after the other, under the same luck."""

# right(play(f"pipeline-retrieval({year}, perfect='…')", "never", 7), every="16w"):
#
#   as it is  retrieval  ranking  generation  validation
#      84        93        86        85          85
answer = ("retrieval", 93 - 84)
