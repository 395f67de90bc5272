import { isPassword, NOBODYS_HASH } from "./password.ts";
import { isPossiblePassword } from "./password-policy.ts";

/** Whether this is the author's password. Takes as long where it cannot be: too long, empty, or without an author. */
export async function verifyPassword(password: string, passwordHash: string | undefined): Promise<boolean> {
  const isPossible = isPossiblePassword(password);
  const isRight = await isPassword(isPossible ? password : "", passwordHash ?? NOBODYS_HASH);
  return isRight && isPossible;
}
