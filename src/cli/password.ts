import { machine } from "../audit/record.ts";
import { resetPassword } from "../auth/change-password.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./command.ts";
import { withContext } from "./open-context.ts";
import { readLine } from "./stdin.ts";

/** `starpunk password`: the way back in for an operator whose author has forgotten the password. */
export const passwordCommand: Command = {
  name: "password",
  about: "Sets a new password for the author, ends all logins and forgets failed ones.",
  options: {
    stdin: { type: "flag", about: "Reads the password from the first line of standard input.", isRequired: true },
  },
  async run({ env, stdin, stderr, flags }) {
    if (!flags.has("stdin")) {
      throw new UsageError("--stdin is missing: the password comes by standard input, never as an argument.");
    }
    const next = await readLine(stdin);
    await withContext(env, async (ctx) => {
      await resetPassword({ ...ctx, doer: machine("password") }, { next });
      ctx.log.info({ event: "author.password_change" }, "password changed");
      stderr.write("The password is changed, and all logins have ended.\n");
    });
  },
};
