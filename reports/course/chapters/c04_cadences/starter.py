"""Chapter 4: how often to rebuild, in days or as a text such as "30d"."""

price = 100.0  # what a rebuild costs
decay = 0.096  # what a day of age adds to the cost of a day

# TODO: every T days there is one rebuild, and the age goes from 0 to T, so a day costs
#       price / T + decay * T / 2 on average. For which T is that least?
answer = None
