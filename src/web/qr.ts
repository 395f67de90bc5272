import type { QrView } from "./security-views.ts";

/** Modules of light ground around a code, without which readers do not find it. */
const QUIET_MODULES = 4;

/** A text as a QR code: one path for all dark modules, to be drawn on light ground whatever the colours of the page. */
export async function drawQr(text: string): Promise<QrView> {
  const { encode } = await import("uqr");
  const { size, data } = encode(text, { ecc: "M", border: QUIET_MODULES });
  const runs = data.flatMap((row, y) => darkRuns(row).map(({ x, length }) => `M${x} ${y}h${length}v1h-${length}z`));
  return { viewBox: `0 0 ${size} ${size}`, path: runs.join("") };
}

function darkRuns(row: readonly boolean[]): { x: number; length: number }[] {
  return row.flatMap((isDark, x) => {
    if (!isDark || row[x - 1] === true) return [];
    const end = row.indexOf(false, x);
    return [{ x, length: (end === -1 ? row.length : end) - x }];
  });
}
