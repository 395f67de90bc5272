import { machine } from "../audit/record.ts";
import type { StoredGrant } from "../auth/grant-store.ts";
import { listGrants } from "../auth/grant-store.ts";
import { isGrantOpen, revokeGrant } from "../auth/grants.ts";
import { SCOPES } from "../auth/scope.ts";
import { createToken } from "../auth/tokens.ts";
import type { Context } from "../context/context.ts";
import { AppError } from "../lib/errors.ts";
import type { Command } from "./command.ts";
import { UsageError } from "./command.ts";
import { withContext } from "./open-context.ts";

const HEADINGS = ["ID", "CLIENT", "SCOPE", "CREATED", "LAST USED", "STATE"];

/** `starpunk token create`: prints the token and nothing else, so that a script can take it. */
export const tokenCreateCommand: Command = {
  name: "token create",
  about: "Makes a bearer token for an app or script and prints it: the only time that it can be seen.",
  options: {
    scope: {
      type: "text",
      value: "SCOPES",
      about: `What it may do, with spaces between: ${Object.keys(SCOPES).join(", ")}.`,
      isRequired: true,
    },
    client: { type: "text", value: "URL", about: "Address that names the app or script.", isRequired: true },
  },
  async run({ env, stdout, values }) {
    await withContext(env, async (ctx) => {
      const { token } = await createToken(
        { ...ctx, doer: machine("token create") },
        { scope: values.scope, clientId: values.client },
      ).catch(toUsage);
      ctx.log.info({ event: "token.create" }, "token created");
      stdout.write(`${token}\n`);
    });
  },
};

/** `starpunk token list`: a table for people on a terminal, else tab-separated lines without headings. */
export const tokenListCommand: Command = {
  name: "token list",
  about: "Lists every token, the newest first; tab-separated when it goes to a file or program.",
  async run({ env, stdout }) {
    const rows = await withContext(env, async (ctx) => listGrants(ctx.db).map((grant) => toRow(ctx, grant)));
    const text =
      stdout.isTTY === true ? toTable([HEADINGS, ...rows]) : rows.map((row) => `${row.join("\t")}\n`).join("");
    stdout.write(text);
  },
};

/** `starpunk token revoke` */
export const tokenRevokeCommand: Command = {
  name: "token revoke",
  about: "Revokes a token at once and for good.",
  operands: [{ name: "ID", about: "Number of the token, as `token list` shows it." }],
  async run({ env, stderr, operands: [id = ""] }) {
    if (!/^[1-9]\d{0,14}$/.test(id)) throw new UsageError(`"${id}" is no number of a token; see token list.`);
    await withContext(env, async (ctx) => {
      await revokeGrant({ ...ctx, doer: machine("token revoke") }, Number(id));
      ctx.log.info({ event: "token.revoke" }, "token revoked");
      stderr.write(`Token ${id} is revoked.\n`);
    });
  },
};

/** An unknown scope or a client that is no address is wrong use of the command, not a failure. */
function toUsage(error: unknown): never {
  if (error instanceof AppError && error.code === "invalid") throw new UsageError(error.message, { cause: error });
  throw error;
}

function toRow(ctx: Context, grant: StoredGrant): string[] {
  const { id, clientId, scopes, createdAt, lastUsedAt = "never", revokedAt } = grant;
  const state = isGrantOpen(ctx, grant) ? "works" : revokedAt === undefined ? "ended" : "revoked";
  return [String(id), clientId, scopes.join(" "), createdAt, lastUsedAt, state];
}

function toTable(rows: readonly string[][]): string {
  const widths = HEADINGS.map((_heading, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}
