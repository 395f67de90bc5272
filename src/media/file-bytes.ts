import type { FileHandle } from "node:fs/promises";

/** How much is read at once, in bytes: the small parts of a film lie close together. */
const WINDOW_BYTES = 256 * 1024;

/** Most bytes that are written at once. */
const ZEROS = Buffer.alloc(64 * 1024);

/** A file that is looked at and changed in place, never whole in memory. */
export class FileBytes {
  readonly #file: FileHandle;
  #size: number;
  #window: Buffer = Buffer.alloc(0);
  #windowStart = 0;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.#size = size;
  }

  /** Bytes of the whole file. */
  get size(): number {
    return this.#size;
  }

  /** The bytes from `start` on, at most `length` of them: fewer only where the file ends. They are a copy. */
  async read(start: number, length: number): Promise<Buffer> {
    const wanted = Math.max(0, Math.min(length, this.#size - start));
    if (wanted > WINDOW_BYTES) return this.#readNow(start, wanted);
    if (start < this.#windowStart || start + wanted > this.#windowStart + this.#window.length) {
      this.#window = await this.#readNow(start, Math.min(WINDOW_BYTES, this.#size - start));
      this.#windowStart = start;
    }
    const from = start - this.#windowStart;
    return Buffer.from(this.#window.subarray(from, from + wanted));
  }

  /** Writes over what stands there. */
  async write(start: number, bytes: Buffer): Promise<void> {
    this.#window = Buffer.alloc(0);
    await this.#file.write(bytes, 0, bytes.length, start);
  }

  /** Writes zeros over what stands there. */
  async blank(start: number, length: number): Promise<void> {
    for (let done = 0; done < length; done += ZEROS.length) {
      await this.write(start + done, ZEROS.subarray(0, Math.min(ZEROS.length, length - done)));
    }
  }

  /** Cuts off what lies beyond `size`. */
  async truncate(size: number): Promise<void> {
    this.#window = Buffer.alloc(0);
    await this.#file.truncate(size);
    this.#size = size;
  }

  async #readNow(start: number, length: number): Promise<Buffer> {
    const bytes = Buffer.alloc(length);
    const { bytesRead } = await this.#file.read(bytes, 0, length, start);
    return bytes.subarray(0, bytesRead);
  }
}

/** What is known of a film or a recording once it was looked through. */
export type MediaFacts = {
  /** Of the file's name, without a dot. */
  readonly extension: string;
  readonly mediaType: string;
  /** Pixels, upright; undefined for what is no picture. */
  readonly width?: number;
  readonly height?: number;
};
