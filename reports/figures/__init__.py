"""Pictures of what happened: one style, light of their own, labelled where one looks."""
