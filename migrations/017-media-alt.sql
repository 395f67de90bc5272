-- What an image shows, in the author's words: said wherever a note shows it and has no words of its own.
ALTER TABLE media ADD COLUMN alt TEXT NOT NULL DEFAULT '';
