-- Notes that others come after are looked at first, so that these come once; however many wait, the next ones are at hand.
CREATE INDEX digests_due_in_order ON digests_due (spreads DESC, note_id DESC, turn);
