/** A content coding that answers are made in, best first where a client takes both alike. */
export type Coding = "br" | "gzip";

/** Codings of finished bodies. */
export const CODINGS: readonly Coding[] = ["br", "gzip"];

/**
 * Chooses how an answer is coded for an `Accept-Encoding` header: the highest weight wins, on a tie the first of
 * `available`, and any coding over none. `q=0` means no. Returns undefined when the client refuses everything that
 * is there, plain bytes included. Elements that cannot be read count as not listed.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3
 */
export function chooseCoding(
  header: string | undefined,
  available: readonly Coding[] = CODINGS,
): Coding | "identity" | undefined {
  if (header === undefined) return "identity";
  const weights = parseWeights(header);
  const any = weights.get("*");
  const candidates = [
    ...available.map((coding) => ({ coding, weight: weights.get(coding) ?? any ?? 0 })),
    // Plain bytes are acceptable without being listed, but then any listed coding is preferred.
    { coding: "identity" as const, weight: weights.get("identity") ?? any ?? Number.MIN_VALUE },
  ];
  const best = candidates.reduce((first, next) => (next.weight > first.weight ? next : first));
  return best.weight > 0 ? best.coding : undefined;
}

/** The weight of each listed name in lower case. The first mention of a name counts. */
function parseWeights(header: string): Map<string, number> {
  const weights = new Map<string, number>();
  for (const element of header.split(",")) {
    const match = /^\s*([!#$%&'*+.^_`|~\w-]+)\s*(?:;\s*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?$/i.exec(element);
    if (!match?.[1]) continue;
    const name = match[1].toLowerCase().replace(/^x-gzip$/, "gzip");
    if (!weights.has(name)) weights.set(name, match[2] === undefined ? 1 : Number(match[2]));
  }
  return weights;
}
