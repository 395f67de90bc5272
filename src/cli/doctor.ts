import { systemClock } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { createSafeFetch } from "../lib/safe-fetch.ts";
import { VERSION } from "../lib/version.ts";
import type { Examination } from "../monitoring/doctor.ts";
import { examine, mend } from "../monitoring/doctor.ts";
import type { Finding } from "../monitoring/finding.ts";
import type { Command } from "./command.ts";

/** `starpunk doctor` */
export const doctorCommand: Command = {
  name: "doctor",
  about: "Looks at configuration, files, database and network, and says how to mend what is wrong.",
  options: {
    fix: { type: "flag", about: "Mends what is safe to mend, then looks again." },
    json: { type: "flag", about: "Prints the findings as JSON." },
  },
  async run({ env, flags, stdout, stderr }) {
    // SITE_URL is the operator's own word, and often leads to this very machine.
    const fetch = createSafeFetch({ allowPrivateNetwork: true, userAgent: `StarPunk/${VERSION} (doctor)` });
    const examination: Examination = { env, clock: systemClock, fetch };
    let findings = await examine(examination);
    if (flags.has("fix")) {
      const done = await mend(findings);
      for (const line of done) stderr.write(`mended: ${line}\n`);
      if (done.length > 0) findings = await examine(examination);
    }
    stdout.write(flags.has("json") ? toJson(findings) : toReport(findings));
    const errors = countOf(findings, "error");
    if (errors > 0) throw new AppError("unavailable", `${errors} of these lose data or stop the site.`);
  },
};

function toJson(findings: readonly Finding[]): string {
  const plain = findings.map(({ check, status, figure, remedy }) => ({ check, status, figure, remedy }));
  return `${JSON.stringify(plain, null, 2)}\n`;
}

/** A line for each check, what to do indented below it, and the numbers. */
function toReport(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.map(({ check, status, figure, remedy }) => {
    const advice = remedy === "" ? "" : `${" ".repeat(width + 11)}${toLine(remedy)}\n`;
    return `${status.padEnd(7)}  ${check.padEnd(width)}  ${toLine(figure)}\n${advice}`;
  });
  const counts = [
    `${countOf(findings, "ok")} ok`,
    `${countOf(findings, "warning")} warnings`,
    `${countOf(findings, "error")} errors`,
  ];
  return `${lines.join("")}${counts.join(", ")}\n`;
}

function toLine(text: string): string {
  return text.replace(/\p{Cc}+/gu, " ");
}

function countOf(findings: readonly Finding[], status: Finding["status"]): number {
  return findings.filter((finding) => finding.status === status).length;
}
