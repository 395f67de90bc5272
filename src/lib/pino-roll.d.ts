declare module "pino-roll" {
  import type { EventEmitter } from "node:events";

  /** Opens a stream of files that are closed at a size; what is used of its options. */
  function roll(options: {
    file: string;
    size: string;
    limit: { count: number; removeOtherLogFiles: boolean };
    sync: boolean;
    mode: number;
    maxLength: number;
  }): Promise<EventEmitter & { write(line: string): boolean }>;

  export = roll;
}
