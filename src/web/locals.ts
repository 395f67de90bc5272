import type { Doer } from "../audit/audit-event.ts";
import type { Form } from "./form.ts";
import type { FileIntake } from "./multipart.ts";
import type { PageSlot } from "./page-slot.ts";
import type { KnownRoute } from "./route-table.ts";

declare global {
  namespace Express {
    /** What middleware learned of this request. */
    interface Locals {
      /** Name of this request in the log, on its answer and on error pages. */
      requestId: string;
      /** When it came, in milliseconds of `performance.now()`, if it had to wait for what answers it to be loaded. */
      cameAt?: number;
      /** When the head of its answer was written, likewise. */
      headWrittenAt?: number;
      /** The pattern that the path fits, such as `/notes/:slug`; undefined where none does. */
      routePattern?: string;
      /** Every route that fits the path so far, and what follows; only while that is found out. */
      matching?: { readonly fitting: KnownRoute[]; readonly done: () => void };
      /** Where a page for everyone is left for the requests that follow; undefined behind no page cache. */
      slot?: PageSlot;
      /** Where the request comes from, once somebody asked for it. */
      whence?: Pick<Doer, "network" | "userAgent" | "requestId">;
      /** The form in the body, once somebody asked for it. */
      form?: Promise<Form>;
      /** Where the files of a form go; where nothing is said they are refused. */
      files?: FileIntake;
      /** Whether files in a form are passed over instead: for the form of someone who has no rights (any more). */
      dropsFiles?: boolean;
    }
  }
}
