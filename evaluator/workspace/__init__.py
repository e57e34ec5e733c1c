"""The workspace on disk: reading it strictly, finding it, copying the shipped one, writing safely."""
