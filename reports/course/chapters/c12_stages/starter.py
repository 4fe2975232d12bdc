"""Chapter 12: which stage is it, and how many points would a perfect one bring?"""

# TODO: one of "retrieval", "ranking", "generation", "validation", and the points of right
#       answers that a perfect one would bring, such as ("validation", 2.5)
answer = None
