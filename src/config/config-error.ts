/** One thing that is wrong with the environment. */
export type ConfigProblem = {
  readonly variable: string;
  readonly value: string;
  /** Half a sentence: "it is not a URL". */
  readonly reason: string;
  /** A sentence: what to do. */
  readonly remedy: string;
};

/** Everything that is wrong with the environment. The message has a line for each problem. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(`The configuration cannot be used:\n${problems.map(toLine).join("\n")}`);
    this.problems = problems;
  }
}

function toLine({ variable, value, reason, remedy }: ConfigProblem): string {
  return `  ${variable}=${toShown(value)}: ${reason}. ${remedy}`;
}

/** A password in a URL does not belong on a terminal or in a journal. */
function toShown(value: string): string {
  return JSON.stringify(value.replace(/\/\/[^/@]*@/, "//…@"));
}
