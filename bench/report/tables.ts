import type { Figure, Figures, Place } from "../figures.ts";
import type { Judgement } from "../goals/clause.ts";

/** Kinds of requests that have a column of their own. */
export type Column = { readonly name: string; readonly about: string };

/** A Markdown table; numbers are set to the right. */
export function toTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const isNumeric = (column: number) => rows.every((row) => /^[-–\d]/.test(row[column] ?? ""));
  const rule = heads.map((_head, column) => (column > 0 && isNumeric(column) ? "--:" : "---"));
  const lines = [heads, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return `${lines.join("\n")}\n`;
}

/** Servers down, kinds of requests across: requests a second and, in brackets, µs of processor time for each. */
export function loadTable(figures: Figures, set: string, columns: readonly Column[]): string {
  return columnTable(figures, { set, columns, head: "req/s (µs)", quantity: "rate" }, (rate, place) => {
    const cpu = figures.median({ ...place, name: place.name.replace(/rate$/, "cpu") });
    return cpu === undefined ? toText(rate) : `${toText(rate)} (${toText(cpu)})`;
  });
}

/** How large each answer is, its head included. */
export function sizeTable(figures: Figures, set: string, columns: readonly Column[]): string {
  return columnTable(figures, { set, columns, head: "bytes an answer", quantity: "bytes" }, toText);
}

/** One line a figure. */
export function figureTable(
  figures: readonly Figure[],
  toUnit: (figure: Figure) => { size: number; name: string },
): string {
  const rows = figures.map((figure) => {
    const { size, name } = toUnit(figure);
    const [least, most] = [Math.min(...figure.samples), Math.max(...figure.samples)];
    const range = figure.samples.length === 1 ? "–" : `${toText(least / size)} – ${toText(most / size)}`;
    return [figure.name, figure.set, figure.server, `${toText(figure.median / size)} ${name}`.trim(), range];
  });
  return toTable(["figure", "notes", "server", "median", "least – most"], rows);
}

/** One line a clause of the goals. */
export function goalTable(judgements: readonly Judgement[]): string {
  const rows = judgements.map(({ clause, set, value, valueByCpu, verdict }) => [
    String(clause.goal),
    clause.says,
    set,
    value === undefined ? "–" : `${toText(value)} ${clause.unit?.name ?? ""}`.trim(),
    valueByCpu === undefined ? "–" : toText(valueByCpu),
    `${clause.atLeast === undefined ? "≤" : "≥"} ${clause.atLeast ?? clause.atMost} ${clause.unit?.name ?? ""}`.trim(),
    verdict === "missed" ? "**missed**" : verdict,
  ]);
  return toTable(["goal", "clause", "notes", "measured", "by processor time", "wanted", "verdict"], rows);
}

/** A number with three digits that count; whole and with commas from 100 on. */
export function toText(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

type Layout = { set: string; columns: readonly Column[]; head: string; quantity: string };

/** Only columns and servers that have something to show. */
function columnTable(
  figures: Figures,
  { set, columns, head, quantity }: Layout,
  toCell: (median: number, place: Place) => string,
): string {
  const names = columns.map(({ name }) => `${name}.${quantity}`);
  const found = figures.list().filter((figure) => figure.set === set && names.includes(figure.name));
  const shown = names.filter((name) => found.some((figure) => figure.name === name));
  const rows = [...new Set(found.map(({ server }) => server))].map((server) => [
    server,
    ...shown.map((name) => {
      const median = figures.median({ set, server, name });
      return median === undefined ? "–" : toCell(median, { set, server, name });
    }),
  ]);
  return toTable([head, ...shown.map((name) => name.slice(0, -quantity.length - 1))], rows);
}
