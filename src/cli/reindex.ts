import { rebuildSearchIndex } from "../search/search-index.ts";
import type { Command } from "./command.ts";
import { withContext } from "./open-context.ts";

/** `starpunk reindex`: what `doctor --fix` does to a search index that is damaged or lacks notes. */
export const reindexCommand: Command = {
  name: "reindex",
  about: "Makes the search index anew from the notes; the site may run meanwhile.",
  async run({ env, stderr }) {
    const count = await withContext(env, (ctx) => rebuildSearchIndex(ctx.db));
    stderr.write(`The search index has all ${count} notes now.\n`);
  },
};
