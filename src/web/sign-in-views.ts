import type { Words } from "../lib/words.ts";

/** A field, and what is wrong with what it holds. */
type AddressField = { value: string; error: Words };

/** The part of the login page that signs somebody in by another site. */
export type SignInView = {
  /** Whether the author lets any address in. */
  isOffered: boolean;
  me: AddressField;
  /** Where a sign-in stopped; empty: none did. */
  stoppedAt: Words;
  /** What another server did there; null: nothing that could be seen. */
  seen: { url: string; answer: Words; excerpt: string } | null;
};

/** The page between here and another site. */
export type LeavingView = { host: string; target: string };

/** The addresses whose owner may enter. */
export type IdentitiesView = {
  rows: { me: string; added: string; lastUsed: Words; removePath: string }[];
  max: number;
  me: AddressField;
};
