import type { Message } from "./words.ts";
import { counted, decimal, said } from "./words.ts";

/** From 1024 bytes on, each 1024 of the one before. */
const UNITS = [
  (size: Message) => said`${size} KiB`,
  (size: Message) => said`${size} MiB`,
  (size: Message) => said`${size} GiB`,
  (size: Message) => said`${size} TiB`,
] as const;

/** A size for people: `512 bytes`, `4.2 MiB`; in German `4,2 MiB`. */
export function formatBytes(bytes: number): Message {
  const exponent = bytes === 0 ? 0 : Math.floor(Math.log2(Math.abs(bytes)) / 10);
  const step = Math.min(UNITS.length, Math.max(0, exponent));
  const value = bytes / 1024 ** step;
  const unit = UNITS[step - 1];
  if (unit === undefined) return counted("{count} byte", "{count} bytes", { count: bytes });
  return unit(decimal(value, Math.abs(value) >= 100 ? 0 : 1));
}
