"""How a bureau sets its year: checks, scores, wordings, extensions, invitations, notices."""
