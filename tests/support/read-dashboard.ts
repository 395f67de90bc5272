import { query, queryAll, textOf } from "./dom.ts";

/** What a dashboard shows, read from its HTML: figures by label, and tables by the id of their chart. */
export type ReadDashboard = {
  readonly figures: Readonly<Record<string, { readonly value: string; readonly about: string }>>;
  /** Rows by their first cell, cells by the head of their column, as they are read. */
  readonly tables: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;
};

/** Reads the page or its part. */
export function readDashboard(html: string): ReadDashboard {
  const figures = queryAll(html, ".figure").map((figure) => {
    const [value, about] = queryAll(figure, "dd").map((each) => textOf(each).trim());
    return [textOf(query(figure, "dt")).trim(), { value: value ?? "", about: about ?? "" }];
  });
  const tables = queryAll(html, ".chart-panel table").map((table) => {
    const [, ...heads] = queryAll(table, "thead th").map((head) => textOf(head).trim());
    const rows = queryAll(table, "tbody tr").map((row) => {
      const cells = queryAll(row, "td").map((cell, index) => [heads[index] ?? "", textOf(cell).trim()]);
      return [textOf(query(row, "th")).trim(), Object.fromEntries(cells)];
    });
    return [(table.attributes.id ?? "").replace("table-", ""), Object.fromEntries(rows)];
  });
  return { figures: Object.fromEntries(figures), tables: Object.fromEntries(tables) };
}

/** Adds up a column of counts. */
export function sumColumn(
  rows: Readonly<Record<string, Readonly<Record<string, string>>>> = {},
  column: string,
): number {
  return Object.values(rows).reduce((sum, row) => sum + Number((row[column] ?? "0").replaceAll(",", "")), 0);
}
