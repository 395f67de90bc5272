import type { Change } from "./find-changes.ts";
import { findChanges, MAX_COMPARISONS } from "./find-changes.ts";

/**
 * A stretch of lines of three versions. `same`: nobody changed it; `mine`, `theirs`: one did, or both alike; `conflict`:
 * both did, each in another way.
 */
export type MergeBlock = {
  readonly kind: "same" | "mine" | "theirs" | "conflict";
  readonly base: readonly string[];
  readonly mine: readonly string[];
  readonly theirs: readonly string[];
};

/** Most blocks of a merge; versions with more are one conflict as a whole, since nobody would choose so often. */
export const MAX_MERGE_BLOCKS = 400;

/** What two versions of a text were made of, and what they are. */
export type ThreeTexts = { readonly base: string; readonly mine: string; readonly theirs: string };

/** What is taken of a block where both changed the same lines; a text is what the author wrote instead. */
export type Choice = "mine" | "theirs" | "both" | { readonly text: string };

/**
 * Puts two versions that were made of one together, line by line. Changes that touch, with no line between that both left
 * alone, are a conflict: a machine cannot know how they belong together. Versions too different to compare are one.
 */
export function mergeTexts(texts: ThreeTexts): MergeBlock[] {
  const [base, mine, theirs] = [texts.base, texts.mine, texts.theirs].map((text) => text.split("\n"));
  const lines: Lines = { base: base ?? [], mine: mine ?? [], theirs: theirs ?? [] };
  const budget = { left: MAX_COMPARISONS };
  const mineChanges = findChanges(lines.base, lines.mine, budget);
  const theirChanges = mineChanges && findChanges(lines.base, lines.theirs, budget);
  const whole = [toBlock(lines, { mine: true, theirs: true })];
  if (mineChanges === undefined || theirChanges === undefined) return whole;
  const blocks = toBlocks(lines, groupTouching(mineChanges, theirChanges));
  return blocks.length > MAX_MERGE_BLOCKS ? whole : blocks;
}

/** The text that the blocks make. `choose` is asked for each conflict by its number, from 0; of both, mine comes first. */
export function joinBlocks(blocks: readonly MergeBlock[], choose: (conflict: number) => Choice): string {
  let conflict = -1;
  const lines = blocks.flatMap((block) => {
    if (block.kind === "conflict") conflict += 1;
    return linesOf(block, () => choose(conflict));
  });
  return lines.join("\n");
}

/** Whether both changed the same lines somewhere. */
export function hasConflict(blocks: readonly MergeBlock[]): boolean {
  return blocks.some((block) => block.kind === "conflict");
}

type Lines = Pick<MergeBlock, "base" | "mine" | "theirs">;
type Side = "mine" | "theirs";
type SideChange = Change & { readonly side: Side };
/** Changes that touch each other, and the lines of the base from the first to the last. */
type Group = { readonly start: number; readonly end: number; readonly changes: readonly SideChange[] };

function groupTouching(mine: readonly Change[], theirs: readonly Change[]): Group[] {
  const all: SideChange[] = [
    ...mine.map((change) => ({ ...change, side: "mine" as const })),
    ...theirs.map((change) => ({ ...change, side: "theirs" as const })),
  ].sort((one, other) => one.beforeStart - other.beforeStart || one.beforeEnd - other.beforeEnd);
  const groups: { start: number; end: number; changes: SideChange[] }[] = [];
  for (const change of all) {
    const last = groups.at(-1);
    if (last !== undefined && change.beforeStart <= last.end) {
      last.changes.push(change);
      last.end = Math.max(last.end, change.beforeEnd);
    } else groups.push({ start: change.beforeStart, end: change.beforeEnd, changes: [change] });
  }
  return groups;
}

function toBlocks(lines: Lines, groups: readonly Group[]): MergeBlock[] {
  const blocks: MergeBlock[] = [];
  const grown = { mine: 0, theirs: 0 };
  let at = 0;
  for (const { start, end, changes } of groups) {
    blocks.push(sameBlock(lines.base.slice(at, start)));
    const from = { mine: start + grown.mine, theirs: start + grown.theirs };
    for (const change of changes) grown[change.side] += growthOf(change);
    const part = {
      base: lines.base.slice(start, end),
      mine: lines.mine.slice(from.mine, end + grown.mine),
      theirs: lines.theirs.slice(from.theirs, end + grown.theirs),
    };
    const changed = { mine: isBy(changes, "mine"), theirs: isBy(changes, "theirs") };
    blocks.push(toBlock(part, changed));
    at = end;
  }
  blocks.push(sameBlock(lines.base.slice(at)));
  return blocks.filter((block) => block.kind !== "same" || block.base.length > 0);
}

function toBlock(lines: Lines, changed: Readonly<Record<Side, boolean>>): MergeBlock {
  const isAlike = isSame(lines.mine, lines.theirs);
  if (changed.mine && changed.theirs && !isAlike) return { ...lines, kind: "conflict" };
  return { ...lines, kind: changed.mine ? "mine" : "theirs" };
}

function sameBlock(lines: readonly string[]): MergeBlock {
  return { kind: "same", base: lines, mine: lines, theirs: lines };
}

function growthOf(change: Change): number {
  return change.afterEnd - change.afterStart - (change.beforeEnd - change.beforeStart);
}

function isBy(changes: readonly SideChange[], side: Side): boolean {
  return changes.some((change) => change.side === side);
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((line, index) => line === other[index]);
}

function linesOf(block: MergeBlock, choose: () => Choice): readonly string[] {
  if (block.kind !== "conflict") return block.kind === "theirs" ? block.theirs : block.mine;
  const choice = choose();
  if (typeof choice === "object") return choice.text.split("\n");
  if (choice !== "both") return block[choice];
  // An empty line between: two paragraphs stay two.
  const isSpaced = block.mine.length > 0 && block.theirs.length > 0;
  return [...block.mine, ...(isSpaced ? [""] : []), ...block.theirs];
}
