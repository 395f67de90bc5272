-- Whether an app writes its texts in Markdown. By the specification a text is plain; many apps for writing mean Markdown
-- all the same, and only the author knows which of hers do.
ALTER TABLE grants ADD COLUMN writes_markdown INTEGER NOT NULL DEFAULT 0 CHECK (writes_markdown IN (0, 1));
ALTER TABLE authorization_codes ADD COLUMN writes_markdown INTEGER NOT NULL DEFAULT 0 CHECK (writes_markdown IN (0, 1));
