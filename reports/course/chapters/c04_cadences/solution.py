"""Chapter 4: where building and staleness cost the same."""

from math import sqrt

price = 100.0  # what a rebuild costs
decay = 0.096  # what a day of age adds to the cost of a day

answer = sqrt(2 * price / decay)
