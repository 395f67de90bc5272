import { machine } from "../audit/record.ts";
import { resetPassword } from "../auth/change-password.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./command.ts";
import { withContext } from "./open-context.ts";
import { readLine } from "./stdin.ts";

/** `starpunk password`: the way back in for an operator whose author has forgotten the password. */
export const passwordCommand: Command = {
  name: "password",
  about: "Sets a new password for the author: the way back in. Ends all logins and turns the second step off.",
  options: {
    "forget-passkeys": { type: "flag", about: "Removes all passkeys too, in case somebody else has added one." },
    stdin: { type: "flag", about: "Reads the password from the first line of standard input.", isRequired: true },
  },
  async run({ env, stdin, stderr, flags }) {
    if (!flags.has("stdin")) {
      throw new UsageError("--stdin is missing: the password comes by standard input, never as an argument.");
    }
    const next = await readLine(stdin);
    await withContext(env, async (ctx) => {
      const forgetsPasskeys = flags.has("forget-passkeys");
      const { passkeys } = await resetPassword({ ...ctx, doer: machine("password") }, { next, forgetsPasskeys });
      ctx.log.info({ event: "author.password_change" }, "password changed");
      stderr.write("The password is changed and lets in alone: no second step is asked for. All logins have ended.\n");
      if (passkeys > 0) stderr.write(`Passkeys that still let in: ${passkeys}. --forget-passkeys removes them.\n`);
    });
  },
};
