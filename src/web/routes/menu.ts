import type { Response, Router } from "express";
import type { Context } from "../../context/context.ts";
import { AppError } from "../../lib/errors.ts";
import type { Words } from "../../lib/words.ts";
import { said } from "../../lib/words.ts";
import { changeSite } from "../../notes/change-site.ts";
import type { NavigationEntry } from "../../site/navigation.ts";
import {
  DEFAULT_NAVIGATION,
  MAX_NAVIGATION_ENTRIES,
  parseEntryAddress,
  parseEntryLabel,
} from "../../site/navigation.ts";
import { readSettings } from "../../site/settings-store.ts";
import { acting } from "../acting.ts";
import { adminPage } from "../admin-view.ts";
import { sendAuthorPage } from "../answer.ts";
import type { MenuRowView, MenuView } from "../appearance-views.ts";
import type { Form } from "../form.ts";
import { readForm } from "../form.ts";
import { withNotice } from "../notices.ts";
import { createRouter } from "../router.ts";
import type { FieldView, Render } from "../views.ts";

const MENU = "/admin/appearance/menu";

/** A row as it was typed. */
type TypedRow = { readonly label: string; readonly address: string };

/** A row, and what is wrong with it. */
type Row = { readonly label: FieldView; readonly address: FieldView };

/** The editor of the menu that every page has. Stands behind `requireAuthor`. */
export function menuRoutes(ctx: Context, render: Render): Router {
  const router = createRouter();

  router.get(MENU, (_req, res) => sendMenu(ctx, render, { res, rows: readSettings(ctx.db).navigation.map(checkRow) }));

  router.post(MENU, async (req, res) => {
    const form = await readForm(req);
    if (form.has("default")) return await saveMenu(ctx, res, { entries: DEFAULT_NAVIGATION });
    const { rows: typed, place } = arrange(readRows(form), form);
    const rows = typed.map(checkRow);
    const error = rows.length > MAX_NAVIGATION_ENTRIES ? tooMany(rows.length) : "";
    if (error !== "" || rows.some(isWrong)) return sendMenu(ctx, render, { res, rows, error });
    const entries = rows.map(({ label, address }) => ({ label: label.value, address: address.value }));
    await saveMenu(ctx, res, { entries, place });
  });

  return router;
}

/** Leads back to the entry that was moved, so that the keyboard goes on from there. */
async function saveMenu(
  ctx: Context,
  res: Response,
  { entries, place }: { entries: readonly NavigationEntry[]; place?: number | undefined },
): Promise<void> {
  await changeSite(acting(ctx, res.req), { navigation: entries });
  res.redirect(303, withNotice(MENU, "menu") + (place === undefined ? "" : `#entry-${place}`));
}

/** The rows of the form that anything was typed into. */
function readRows(form: Form): TypedRow[] {
  const labels = form.texts("label");
  const addresses = form.texts("address");
  return Array.from({ length: Math.max(labels.length, addresses.length) }, (_, index) => ({
    label: labels[index] ?? "",
    address: addresses[index] ?? "",
  }));
}

/** Does what the pressed button says, then leaves out empty rows. `place` is where the moved entry stands now, from 1. */
function arrange(typed: readonly TypedRow[], form: Form): { rows: TypedRow[]; place: number | undefined } {
  const rows = [...typed];
  const removed = rowAt(form, "remove", rows.length);
  if (removed !== undefined) rows.splice(removed, 1);
  const up = rowAt(form, "up", rows.length);
  const down = rowAt(form, "down", rows.length);
  const moved = up ?? down;
  const target = up === undefined ? (down ?? 0) + 1 : up - 1;
  const [row] = moved === undefined ? [] : rows.slice(moved, moved + 1);
  if (moved !== undefined && row !== undefined && target >= 0) {
    rows.splice(moved, 1);
    rows.splice(target, 0, row);
  }
  const kept = rows.filter(({ label, address }) => label.trim() !== "" || address.trim() !== "");
  const place = row === undefined ? -1 : kept.indexOf(row);
  return { rows: kept, place: place < 0 ? undefined : place + 1 };
}

/** The index of the row whose button was pressed. */
function rowAt(form: Form, button: "up" | "down" | "remove", count: number): number | undefined {
  const index = /^\d{1,3}$/u.test(form.text(button)) ? Number(form.text(button)) - 1 : -1;
  return index >= 0 && index < count ? index : undefined;
}

function checkRow({ label, address }: TypedRow): Row {
  return { label: checkField(label, parseEntryLabel), address: checkField(address, parseEntryAddress) };
}

/** The value as it is kept, or as it was typed with what is wrong with it. */
function checkField(typed: string, parse: (value: string) => string): FieldView {
  try {
    return { value: parse(typed), error: "" };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { value: typed, error: error.said };
  }
}

function isWrong({ label, address }: Row): boolean {
  return label.error !== "" || address.error !== "";
}

function tooMany(count: number): Words {
  return said`These are ${count} entries. A menu has at most ${MAX_NAVIGATION_ENTRIES}: remove some, then save it again.`;
}

type Shown = { readonly res: Response; readonly rows: readonly Row[]; readonly error?: Words };

function sendMenu(ctx: Context, render: Render, { res, rows, error = "" }: Shown): void {
  const wrong =
    error !== "" ? error : rows.some(isWrong) ? said`Nothing was saved yet. See the fields that are marked.` : "";
  const html = render("admin/menu.njk", {
    ...adminPage(ctx, res, { section: "appearance", title: said`Menu` }),
    appearancePage: "menu",
    menu: menuView(rows, wrong),
  });
  sendAuthorPage(res, { html, status: wrong === "" ? 200 : 422 });
}

function menuView(rows: readonly Row[], error: Words): MenuView {
  const empty: Row = { label: { value: "", error: "" }, address: { value: "", error: "" } };
  const shown = rows.length < MAX_NAVIGATION_ENTRIES ? [...rows, empty] : rows;
  const entries = rows.map(({ label, address }) => ({ label: label.value, address: address.value }));
  return {
    rows: shown.map((row, index): MenuRowView => {
      const isNew = index === rows.length;
      return { ...row, number: index + 1, isFirst: index === 0, isLast: index === rows.length - 1, isNew };
    }),
    error,
    entriesMax: MAX_NAVIGATION_ENTRIES,
    isDefault: JSON.stringify(entries) === JSON.stringify(DEFAULT_NAVIGATION),
  };
}
