import type { Config } from "../config/config.ts";
import { AppError } from "../lib/errors.ts";

/** Says in one sentence why the port cannot be listened on; an error that is none of the known ones stays as it is. */
export function toListenError(error: unknown, { HOST, PORT }: Pick<Config, "HOST" | "PORT">): unknown {
  const sentence = sentenceFor((error as NodeJS.ErrnoException).code, { HOST, PORT });
  return sentence === undefined ? error : new AppError("unavailable", sentence, { cause: error });
}

function sentenceFor(code: string | undefined, { HOST, PORT }: Pick<Config, "HOST" | "PORT">): string | undefined {
  switch (code) {
    case "EADDRINUSE":
      return `PORT: ${PORT} on ${HOST} is in use by another program. Stop that one, or set PORT to another number.`;
    case "EACCES":
      return `PORT: this user may not listen on ${PORT}. Set PORT to a number from 1024 up, and let a proxy take ${PORT}.`;
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EINVAL":
      return `HOST: ${HOST} is no address of this machine. Set HOST to 127.0.0.1, or to 0.0.0.0 for all interfaces.`;
    default:
      return undefined;
  }
}
