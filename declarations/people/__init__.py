"""Who may do what: permissions, stand-ins, invitations, extensions."""
