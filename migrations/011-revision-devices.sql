-- Which of the author's devices a save was written on: "made by admin" says nothing to who writes on a phone and at a desk.
ALTER TABLE note_revisions ADD COLUMN device TEXT; -- "Firefox on Linux"; NULL: not written in a browser, or before this was kept
