"""The bureau's letters to the departments: 审核意见书 on a return or an approval, and the 批复 list of a year.

`wording` holds what they say, `facts` what is true of one decision, `composing` puts the two together.
"""
