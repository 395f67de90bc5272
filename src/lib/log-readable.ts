const GREY = "\u001b[90m";
const YELLOW = "\u001b[33m";
const RED = "\u001b[31m";
const PLAIN = "\u001b[0m";

const COLOURS: Readonly<Record<string, string>> = { warn: YELLOW, error: RED };

/** A line of the log as a person reads it on a terminal: time, level, message, then the fields. Others stay as they are. */
export function toReadable(line: string): string {
  const fields = parseLine(line);
  if (fields === undefined) return line;

  const { time, level, msg, err, event, ...rest } = fields;
  const colour = COLOURS[String(level)] ?? "";
  const details = Object.entries({ event, ...rest }).map(([name, value]) => `${name}=${toText(value)}`);
  const head = `${GREY}${String(time).slice(11, 19)}${PLAIN} ${colour}${String(level).padEnd(5)}${PLAIN} ${printable(String(msg))}`;
  return `${head} ${GREY}${details.join(" ")}${PLAIN}\n${errorLines(err)}`;
}

function parseLine(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined; // Not ours to judge: it is shown as it came.
  }
}

function toText(value: unknown): string {
  return typeof value === "string" && /^[\w:/.@-]+$/.test(value) ? value : JSON.stringify(value);
}

function errorLines(err: unknown): string {
  if (typeof err !== "object" || err === null) return "";
  const { stack, message, cause } = err as { stack?: unknown; message?: unknown; cause?: unknown };
  const own = `  ${printable(String(stack ?? message)).replaceAll("\n", "\n  ")}\n`;
  return cause === undefined ? own : `${own}  caused by\n${errorLines(cause)}`;
}

/** Drops what would steer the terminal: text of others may be in a message. */
function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n]/gu, "");
}
