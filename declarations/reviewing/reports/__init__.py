"""Figures on how the bureau reviews: how often, why, how long, and whether alike is treated alike.

They are counted from the record of one year when they are asked for: as many rows as that year has decisions,
however many years there are.
"""
