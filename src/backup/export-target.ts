import { lstat, mkdir, open, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { AppError } from "../lib/errors.ts";
import { MEDIA_NAME } from "../media/media-files.ts";
import {
  EXPORT_FOLDERS,
  EXPORT_FORMAT,
  EXPORT_MANIFEST,
  EXPORT_MEDIA_FOLDER,
  EXPORT_UNFINISHED,
  formatOfPath,
} from "./export-layout.ts";

const UNFINISHED_TEXT = "This export is being written, or broke off. Run starpunk export --update on this folder.\n";

/** How much of a file is read to see whether an export wrote it, in bytes: front matter can be longer than any line of it. */
const MARK_BYTES = 16 * 1024;

/** The folder that an export is written into. */
export class ExportTarget {
  readonly #root: string;
  readonly #isUpdate: boolean;
  readonly #written = new Set<string>();
  readonly #made = new Set<string>();

  constructor(root: string, isUpdate: boolean) {
    this.#root = root;
    this.#isUpdate = isUpdate;
  }

  /**
   * Makes the folder, or makes sure that it is one that may be written into, and marks it as unfinished. Throws
   * AppError for one that holds something else.
   */
  async begin(): Promise<void> {
    await mkdir(this.#root, { recursive: true }).catch((error: unknown) => {
      throw unusable(this.#root, error);
    });
    const names = await readdir(this.#root);
    const isExport = names.includes(EXPORT_MANIFEST) || names.includes(EXPORT_UNFINISHED);
    if (names.length > 0 && !this.#isUpdate) throw notEmpty(this.#root, isExport);
    if (names.length > 0 && !isExport) throw notAnExport(this.#root);
    for (const name of [...EXPORT_FOLDERS, EXPORT_MEDIA_FOLDER]) await this.#refuseLink(name);
    await writeFile(join(this.#root, EXPORT_UNFINISHED), UNFINISHED_TEXT);
    await rm(join(this.#root, EXPORT_MANIFEST), { force: true });
  }

  /** Writes one file; in an update only where it says something else than before, and whole or not at all. */
  async write(path: string, text: string): Promise<void> {
    const file = await this.#place(path);
    if (!this.#isUpdate) return writeFile(file, text, { flag: "wx" });
    const before = await readFile(file, "utf8").catch(() => undefined); // Missing, mostly.
    if (before === text) return;
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  }

  /** Lets `make` make one file, unless it is there: for files whose name says their content. */
  async makeOnce(path: string, make: (file: string) => Promise<void>): Promise<void> {
    const file = await this.#place(path);
    const stats = await lstat(file).catch(() => undefined);
    if (stats !== undefined) return;
    await make(`${file}.new`);
    await rename(`${file}.new`, file);
  }

  /** Removes what an earlier export wrote and this one has not, and marks the folder as whole. Returns how many files went. */
  async finish(): Promise<number> {
    const removed = this.#isUpdate ? await this.#removeStale() : 0;
    await writeFile(join(this.#root, EXPORT_MANIFEST), `${JSON.stringify({ format: EXPORT_FORMAT }, null, 2)}\n`);
    await rm(join(this.#root, EXPORT_UNFINISHED));
    return removed;
  }

  async #place(path: string): Promise<string> {
    const file = join(this.#root, path);
    const folder = dirname(file);
    if (!this.#made.has(folder)) await mkdir(folder, { recursive: true });
    this.#made.add(folder);
    if (this.#isUpdate) this.#written.add(path);
    return file;
  }

  async #refuseLink(name: string): Promise<void> {
    const stats = await lstat(join(this.#root, name)).catch(() => undefined);
    if (stats === undefined || stats.isDirectory()) return;
    throw new AppError("invalid", `${join(this.#root, name)} is no folder of the export. Move it away.`);
  }

  async #removeStale(): Promise<number> {
    let removed = 0;
    for (const folder of [...EXPORT_FOLDERS, EXPORT_MEDIA_FOLDER]) {
      for (const name of await readdir(join(this.#root, folder)).catch(() => [])) {
        const path = `${folder}/${name}`;
        if (this.#written.has(path) || !(await this.#isOurs(path, folder, name))) continue;
        await rm(join(this.#root, path));
        removed += 1;
      }
    }
    return removed;
  }

  /** What somebody else put there stays, whatever it is called. */
  async #isOurs(path: string, folder: string, name: string): Promise<boolean> {
    if (folder === EXPORT_MEDIA_FOLDER) return MEDIA_NAME.test(name);
    if (name.endsWith(".new")) return formatOfPath(name.slice(0, -4)) !== undefined;
    return formatOfPath(name) !== undefined && /^starpunk:\n {2}number: \d+$/mu.test(await this.#headOf(path));
  }

  async #headOf(path: string): Promise<string> {
    const file = await open(join(this.#root, path), "r");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MARK_BYTES), 0, MARK_BYTES, 0);
      return buffer.toString("utf8", 0, bytesRead);
    } finally {
      await file.close();
    }
  }
}

function notEmpty(root: string, isExport: boolean): AppError {
  const remedy = isExport
    ? "It holds an earlier export: use --update to bring that up to date."
    : "Name an empty or a new one.";
  return new AppError("invalid", `The folder ${root} is not empty. ${remedy}`);
}

function notAnExport(root: string): AppError {
  return new AppError(
    "invalid",
    `The folder ${root} holds no export that could be updated. Name an empty or a new one.`,
  );
}

function unusable(root: string, error: unknown): AppError {
  const reason = (error as NodeJS.ErrnoException).code ?? "unknown reason";
  return new AppError("invalid", `The folder ${root} cannot be written to (${reason}).`, { cause: error });
}
