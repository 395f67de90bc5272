import type { Command } from "./command.ts";

/**
 * Every command, in the order of the help. Each file is loaded only when its command is called: `serve` need not wait
 * for the importer.
 */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import("./serve.ts")).serve,
  setup: async () => (await import("./setup.ts")).setupCommand,
  password: async () => (await import("./password.ts")).passwordCommand,
  "token create": async () => (await import("./token.ts")).tokenCreateCommand,
  "token list": async () => (await import("./token.ts")).tokenListCommand,
  "token revoke": async () => (await import("./token.ts")).tokenRevokeCommand,
  audit: async () => (await import("./audit.ts")).auditCommand,
  migrate: async () => (await import("./migrate.ts")).migrateCommand,
  doctor: async () => (await import("./doctor.ts")).doctorCommand,
  reindex: async () => (await import("./reindex.ts")).reindexCommand,
  rollback: async () => (await import("./rollback.ts")).rollbackCommand,
  backup: async () => (await import("./backup.ts")).backupCommand,
  restore: async () => (await import("./restore.ts")).restoreCommand,
  import: async () => (await import("./import.ts")).importCommand,
  export: async () => (await import("./export.ts")).exportCommand,
};
