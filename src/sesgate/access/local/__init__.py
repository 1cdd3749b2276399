"""IAM policies in local files: pure readers, from text to plain data. `reading` has the door: `read_policies`."""
