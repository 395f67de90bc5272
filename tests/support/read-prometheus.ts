/** One line of the text. */
export type ReadSample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

const NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const LABEL = `[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"`;
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)\\})? ([+-]?(?:Inf|[0-9.]+(?:e[+-]?[0-9]+)?)|NaN)$`);
const SUFFIXES = { counter: [""], gauge: [""], histogram: ["_bucket", "_sum", "_count"] } as const;

type Kind = keyof typeof SUFFIXES;

/**
 * Reads Prometheus text as strictly as its format is written: HELP and TYPE before the samples of each family, families
 * whole and once, no sample twice, counters named `_total`, histograms cumulative with `+Inf` equal to the count.
 * Throws a sentence for whatever is wrong.
 */
export function readPrometheus(text: string): ReadSample[] {
  if (!text.endsWith("\n")) throw new Error("The text does not end with a line feed.");
  const families = text.split(/^(?=# HELP )/m).map((block) => block.trimEnd().split("\n"));
  const samples = families.flatMap(readFamily);
  refuseTwice(families.map(([head = ""]) => head.split(" ")[2] ?? ""));
  refuseTwice(samples.map(({ name, labels }) => JSON.stringify([name, Object.entries(labels).sort()])));
  return samples;
}

function refuseTwice(keys: readonly string[]): void {
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new Error(`${twice} stands twice.`);
}

function readFamily([help = "", type = "", ...lines]: string[]): ReadSample[] {
  const name = new RegExp(`^# HELP (${NAME}) .+$`).exec(help)?.[1];
  if (name === undefined) throw new Error(`"${help}" stands where a family begins, and is no HELP.`);
  const kind = new RegExp(`^# TYPE ${name} (counter|gauge|histogram)$`).exec(type)?.[1];
  if (kind === undefined) throw new Error(`"${type}" is no TYPE of ${name}.`);

  const samples = lines.map(readSample);
  const stranger = samples.find((sample) => !SUFFIXES[kind as Kind].some((suffix) => sample.name === name + suffix));
  if (stranger !== undefined) throw new Error(`${stranger.name} does not belong to ${name}, a ${kind}.`);
  const isCounter = name.endsWith("_total") && samples.every(({ value }) => value >= 0);
  if (kind === "counter" && !isCounter) throw new Error(`${name} is no counter.`);
  if (kind === "histogram") checkHistogram(name, samples);
  return samples;
}

function readSample(line: string): ReadSample {
  const [, name, labels = "", value] = SAMPLE.exec(line) ?? [];
  if (name === undefined || value === undefined) throw new Error(`"${line}" is no sample.`);
  const pairs = [...labels.matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)].map(([, key = "", text = ""]) => [
    key,
    text.replace(/\\(.)/g, (_all, letter: string) => (letter === "n" ? "\n" : letter)),
  ]);
  return { name, labels: Object.fromEntries(pairs), value: Number(value.replace("Inf", "Infinity")) };
}

function checkHistogram(family: string, samples: readonly ReadSample[]): void {
  const groups = new Map<string, ReadSample[]>();
  for (const sample of samples.filter(({ name }) => name === `${family}_bucket`)) {
    const { le: _le, ...labels } = sample.labels;
    const key = JSON.stringify(labels);
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  for (const [key, buckets] of groups) {
    const bounds = buckets.map(({ labels }) => Number((labels.le ?? "NaN").replace("Inf", "Infinity")));
    const isRising = (values: number[]) =>
      values.every((value, index) => index === 0 || value >= (values[index - 1] ?? 0));
    const count = samples.find(
      ({ name, labels }) => name === `${family}_count` && JSON.stringify(labels) === key,
    )?.value;
    if (!isRising(bounds) || !isRising(buckets.map(({ value }) => value)))
      throw new Error(`${family}${key} is not cumulative.`);
    if (bounds.at(-1) !== Number.POSITIVE_INFINITY || buckets.at(-1)?.value !== count) {
      throw new Error(`${family}${key} does not end with all of its values.`);
    }
  }
}
