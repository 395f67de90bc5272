/** What a figure is of: a server on a set of notes, and the quantity. `home.rate`, `publish.p50`, `rss.idle`. */
export type Place = { readonly set: string; readonly server: string; readonly name: string };

/** A figure with what was measured for it, one number a round. */
export type Figure = Place & { readonly samples: readonly number[]; readonly median: number };

/** All that was measured so far. */
export class Figures {
  readonly #figures = new Map<string, Place & { samples: number[] }>();

  /** Adds what one round measured. Throws for what is no number: a division by nothing must not become a result. */
  add({ set, server, name }: Place, value: number): void {
    if (!Number.isFinite(value)) throw new Error(`${name} of ${server} with ${set} notes came out as ${value}.`);
    const key = JSON.stringify([set, server, name]);
    const figure = this.#figures.get(key) ?? { set, server, name, samples: [] };
    figure.samples.push(value);
    this.#figures.set(key, figure);
  }

  /** The median of all rounds; undefined where nothing was measured. */
  median({ set, server, name }: Place): number | undefined {
    const figure = this.#figures.get(JSON.stringify([set, server, name]));
    return figure && median(figure.samples);
  }

  /** Every figure, in the order in which they were first measured. */
  list(): Figure[] {
    return [...this.#figures.values()].map((figure) => ({ ...figure, median: median(figure.samples) }));
  }
}

/** The middle one of some numbers; between two middle ones their mean. Throws where there is none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const upper = sorted[Math.floor(middle)];
  const lower = sorted[Math.ceil(middle) - 1];
  if (upper === undefined || lower === undefined) throw new Error("There is no median of nothing.");
  return (lower + upper) / 2;
}

/** The value that `share` of the numbers do not exceed (nearest rank): 0.99 is the 99th percentile. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new Error("There is no percentile of nothing.");
  return found;
}
