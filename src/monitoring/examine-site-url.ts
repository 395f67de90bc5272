import type { Finding, Patient } from "./finding.ts";
import { fine, warning } from "./finding.ts";

/** Largest answer that is read of the site, in bytes: `/health` has a few, its feed more. */
export const MAX_SITE_BYTES = 5_000_000;

/** Whether SITE_URL leads to a StarPunk from here, and to this one: `newestId` is that of the newest note in its feed. */
export async function examineSiteUrl(patient: Patient, newestId?: string): Promise<Finding> {
  const { SITE_URL } = patient.config;
  if (SITE_URL === undefined) return warning("site_url", "not read", "Mend the configuration first.");
  const address = `${SITE_URL}/health`;
  const answer = await patient.fetch(address, { maxBytes: MAX_SITE_BYTES });
  if (!answer.ok) {
    const reason = "reason" in answer.outcome ? answer.outcome.reason : "no answer";
    const remedy =
      "No fault when this machine is offline or the server is stopped. Else look at name, port, certificate and proxy.";
    return warning("site_url", `${address} cannot be reached from here (${reason})`, remedy);
  }
  if (!isHealth(answer.body)) {
    return warning(
      "site_url",
      `${address} answers ${answer.status}, but not as StarPunk does`,
      "Something else stands at SITE_URL: look at the proxy.",
    );
  }
  if (newestId !== undefined && !(await namesNote(patient, SITE_URL, newestId))) {
    return warning(
      "site_url",
      `${SITE_URL} is another StarPunk`,
      "Its feed lacks the newest note of this database: look at DATA_DIR and the proxy.",
    );
  }
  return fine("site_url", `${SITE_URL} is this site`);
}

function isHealth(body: Buffer): boolean {
  try {
    return ["ok", "stopping", "unavailable"].includes((JSON.parse(body.toString()) as { status: string }).status);
  } catch {
    return false;
  }
}

async function namesNote(patient: Patient, siteUrl: string, id: string): Promise<boolean> {
  const feed = await patient.fetch(`${siteUrl}/feed.json`, { maxBytes: MAX_SITE_BYTES });
  // A feed that is not to be had says nothing; that one is too long to be read says the same.
  return !feed.ok || feed.status !== 200 || feed.body.includes(id);
}
