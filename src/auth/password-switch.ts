import type { Doing } from "../audit/record.ts";
import { record } from "../audit/record.ts";
import { AppError } from "../lib/errors.ts";
import { said } from "../lib/words.ts";
import { isPasswordOff, updatePasswordOff } from "./author-store.ts";
import { MIN_PASSKEYS_ALONE } from "./passkey.ts";
import { countPasskeys } from "./passkey-store.ts";
import { removeHalfLogins } from "./second-step-store.ts";

/** Turns signing in by password off. Throws `conflict` while there are too few passkeys to do without. */
export async function turnPasswordOff(ctx: Doing<"db" | "clock">): Promise<void> {
  await ctx.db.write(() => {
    if (countPasskeys(ctx.db) < MIN_PASSKEYS_ALONE) {
      throw new AppError(
        "conflict",
        said`The password can be off once there are ${MIN_PASSKEYS_ALONE} passkeys: one may be lost. Add another passkey first.`,
      );
    }
    if (isPasswordOff(ctx.db)) return;
    updatePasswordOff(ctx.db, ctx.clock());
    removeHalfLogins(ctx.db);
    record(ctx, { kind: "password.turn_off" });
  });
}

/** Turns signing in by password on. */
export async function turnPasswordOn(ctx: Doing<"db" | "clock">): Promise<void> {
  await ctx.db.write(() => {
    if (!isPasswordOff(ctx.db)) return;
    updatePasswordOff(ctx.db, undefined);
    record(ctx, { kind: "password.turn_on" });
  });
}
