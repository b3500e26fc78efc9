"""A reader's own: their listings, notebooks and logs. Nothing in the book needs it."""
