const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const;

/** A size for people: `512 bytes`, `4.2 MiB`. */
export function formatBytes(bytes: number): string {
  const exponent = bytes === 0 ? 0 : Math.floor(Math.log2(Math.abs(bytes)) / 10);
  const step = Math.min(UNITS.length - 1, Math.max(0, exponent));
  const value = bytes / 1024 ** step;
  return `${value.toFixed(step === 0 || Math.abs(value) >= 100 ? 0 : 1)} ${UNITS[step]}`;
}
