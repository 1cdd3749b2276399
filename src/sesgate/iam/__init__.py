"""IAM policies, pure: documents, matching, conditions, evaluation. No input or output happens here."""
