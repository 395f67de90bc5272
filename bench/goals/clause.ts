import type { Figures } from "../figures.ts";
import type { Plan } from "../plan.ts";

/** A set by the part that it plays in a goal. */
export type SetRole = keyof Plan["sizes"];

/** A figure that a clause speaks of. */
export type Term = { readonly name: string; readonly server: string; readonly set: SetRole };

/** One promise of one goal. */
export type Clause = {
  readonly goal: number;
  readonly says: string;
  /** Part of the run that measures it. */
  readonly part: string;
  readonly of: Term;
  /** What `of` is divided by; else it is taken as it is. */
  readonly to?: Term;
  /** What is taken away from `of` instead. */
  readonly minus?: Term;
  /** What `of` itself is divided by: a unit. */
  readonly unit?: { readonly size: number; readonly name: string };
  readonly atLeast?: number;
  readonly atMost?: number;
  /** The same ratio of processor time, for a machine that others disturb: `to` divided by `of`. */
  readonly byCpu?: { readonly of: Term; readonly to: Term };
};

/** What a clause came to. */
export type Judgement = {
  readonly clause: Clause;
  /** Sets that it was measured on, as the tables call them. */
  readonly set: string;
  readonly value: number | undefined;
  readonly valueByCpu: number | undefined;
  readonly verdict: "met" | "met by processor time" | "missed" | "not measured";
};

/** Judges a clause by the medians of a run. */
export function judge(clause: Clause, figures: Figures, { sizes }: Pick<Plan, "sizes">): Judgement {
  const find = ({ set, ...term }: Term) => figures.median({ ...term, set: String(sizes[set]) });
  const subtract = (from: Term, what: Term): number | undefined => {
    const [whole, part] = [find(from), find(what)];
    return whole === undefined || part === undefined ? undefined : whole - part;
  };
  const divide = (of: Term, to: Term | undefined): number | undefined => {
    const [upper, lower] = [find(of), to === undefined ? 1 : find(to)];
    return upper === undefined || lower === undefined || lower === 0 ? undefined : upper / lower;
  };
  // A set that stands for two of them in a short run cannot be compared with itself.
  const isSame = clause.to !== undefined && clause.of.set !== clause.to.set && isSameSet(clause.of, clause.to, sizes);
  const { of, to, minus } = clause;
  const measured = minus === undefined ? divide(of, to) : subtract(of, minus);
  const value = measured === undefined || isSame ? undefined : measured / (clause.unit?.size ?? 1);
  const valueByCpu = clause.byCpu === undefined ? undefined : divide(clause.byCpu.to, clause.byCpu.of);
  return { clause, set: setsOf(clause, sizes), value, valueByCpu, verdict: toVerdict(clause, value, valueByCpu) };
}

function toVerdict(clause: Clause, value: number | undefined, byCpu: number | undefined): Judgement["verdict"] {
  if (value === undefined) return "not measured";
  if (isKept(clause, value)) return "met";
  return byCpu !== undefined && isKept(clause, byCpu) ? "met by processor time" : "missed";
}

function isKept({ atLeast = Number.NEGATIVE_INFINITY, atMost = Number.POSITIVE_INFINITY }: Clause, value: number) {
  return value >= atLeast && value <= atMost;
}

function isSameSet(one: Term, other: Term, sizes: Plan["sizes"]): boolean {
  return sizes[one.set] === sizes[other.set];
}

function setsOf({ of, to }: Clause, sizes: Plan["sizes"]): string {
  const roles = to === undefined || to.set === of.set ? [of.set] : [of.set, to.set];
  return roles.map((role) => String(sizes[role])).join(" : ");
}
