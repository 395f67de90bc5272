import { machine } from "../audit/record.ts";
import { setUp } from "../auth/set-up.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./command.ts";
import { withContext } from "./open-context.ts";
import { readLine } from "./stdin.ts";

/** `starpunk setup`: the first run without a browser; the server may run meanwhile. */
export const setupCommand: Command = {
  name: "setup",
  about: "Makes the author, once. The page behind the set-up link does the same.",
  options: {
    name: { type: "text", value: "NAME", about: "Name of the author.", isRequired: true },
    "password-stdin": {
      type: "flag",
      about: "Reads the password from the first line of standard input.",
      isRequired: true,
    },
    title: { type: "text", value: "SITE", about: "Title of the site; the author's name unless given." },
    "time-zone": { type: "text", value: "ZONE", about: "Such as Europe/Berlin; this machine's unless given." },
  },
  async run({ env, stdin, stderr, values, flags }) {
    if (!flags.has("password-stdin")) {
      throw new UsageError("--password-stdin is missing: the password comes by standard input, never as an argument.");
    }
    const { name, title = name, "time-zone": timeZone = ownTimeZone() } = values;
    const password = await readLine(stdin);
    await withContext(env, async (ctx) => {
      await setUp({ ...ctx, doer: machine("setup") }, { name, siteTitle: title, password, timeZone }, "headless");
      ctx.log.info({ event: "author.setup" }, "site set up");
      stderr.write(`The site is set up. Log in at ${ctx.config.SITE_URL}/login\n`);
    });
  },
};

function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
