#!/usr/bin/env node
import { run } from "./cli/run.ts";

// Whatever this process writes is the operator's alone: database, media, logs.
process.umask(0o077);
// A reader of our output that goes away (`starpunk token list | head -1`) is no fault.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const { env, stdin, stdout, stderr } = process;
process.exit(await run(process.argv.slice(2), { env, stdin, stdout, stderr }));
