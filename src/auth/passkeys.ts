import type { Doing } from "../audit/record.ts";
import { record } from "../audit/record.ts";
import type { Database } from "../db/database.ts";
import { AppError, notFound } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { isPasswordOff } from "./author-store.ts";
import type { Passkey } from "./passkey.ts";
import { MIN_PASSKEYS_ALONE } from "./passkey.ts";
import { countPasskeys, findPasskey, removePasskeyRow, updatePasskeyName } from "./passkey-store.ts";
import { parsePasskeyName } from "./register-passkey.ts";
import { updateSessionPasskey } from "./session-store.ts";

/** Gives a passkey another name. Throws `invalid`, and `not_found`. */
export async function renamePasskey(ctx: Doing<"db" | "clock">, id: number, text: string): Promise<void> {
  const name = parsePasskeyName(text);
  await ctx.db.write(() => {
    const passkey = requirePasskey(ctx.db, id);
    updatePasskeyName(ctx.db, id, name);
    record(ctx, { kind: "passkey.rename", detail: `${passkey.name} → ${name}` });
  });
}

/**
 * Removes a passkey: it lets nobody in any more, and the logins that it opened end, but the one that asks. Throws
 * `not_found`, and `conflict` when the password is off and too few would be left.
 */
export async function removePasskey(
  ctx: Doing<"db" | "clock">,
  { id, keepSessionId }: { readonly id: number; readonly keepSessionId: number },
): Promise<void> {
  await ctx.db.write(() => {
    const { name } = requirePasskey(ctx.db, id);
    updateSessionPasskey(ctx.db, keepSessionId, undefined);
    removePasskeyRow(ctx.db, id);
    if (isPasswordOff(ctx.db) && countPasskeys(ctx.db) < MIN_PASSKEYS_ALONE) {
      throw new AppError(
        "conflict",
        said`While the password is off, ${MIN_PASSKEYS_ALONE} passkeys must stay. Turn the password on first, or add another passkey.`,
      );
    }
    record(ctx, { kind: "passkey.remove", detail: name });
  });
}

function requirePasskey(db: Database, id: number): Passkey {
  const passkey = findPasskey(db, id);
  if (passkey === undefined) throw notFound("passkey");
  return passkey;
}
