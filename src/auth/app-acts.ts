import type { Act, Doing } from "../audit/record.ts";
import { record } from "../audit/record.ts";

/** Writes down what an app did with its grant, by where its request came from. Only inside a write. */
export function recordAppAct(
  ctx: Doing<"db" | "clock">,
  { id, clientId }: { readonly id: number; readonly clientId: string },
  act: Act,
): void {
  const from = ctx.doer ?? { network: "", userAgent: "", requestId: "" };
  const detail = [`grant ${id}`, act.detail].filter(Boolean).join(": ");
  record({ ...ctx, doer: { ...from, sort: "app", name: clientId } }, { ...act, detail });
}
