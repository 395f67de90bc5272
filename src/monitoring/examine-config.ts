import type { Config, Environment } from "../config/config.ts";
import { isDefaultSiteUrl, loadConfig, OPTION_NAMES, OPTIONS } from "../config/config.ts";
import { ConfigError } from "../config/config-error.ts";
import { listIgnored } from "../config/unknown-keys.ts";
import type { Finding } from "./finding.ts";
import { failure, fine, warning } from "./finding.ts";

/** The configuration as far as it can be read, and what is wrong with it. */
export type ExaminedConfig = {
  readonly config: Pick<Config, "DATA_DIR" | "LOG_DIR"> & Partial<Config>;
  readonly findings: readonly Finding[];
};

const LOOPBACK = /^(?:localhost|127\.|::1$)/;

/** Reads the environment. Where it cannot be used as a whole, its folders are still read, so that the rest is looked at. */
export function examineConfig(env: Environment): ExaminedConfig {
  const ignored = listIgnored(env, OPTION_NAMES).map((sentence) => {
    return warning(
      "configuration",
      sentence.replace(/\.$/, ""),
      "Unset it where it was meant for StarPunk: docs/configuration.md lists the options.",
    );
  });
  try {
    const config = loadConfig(env);
    const found = [...ignored, ...examineAddress(config)];
    return { config, findings: found.length > 0 ? found : [fine("configuration", "every option can be used")] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const problems = error.problems.map(({ variable, reason, remedy }) => {
      return failure("configuration", `${variable}: ${reason}`, remedy);
    });
    return { config: readFolders(env), findings: [...problems, ...ignored] };
  }
}

function readFolders(env: Environment): Pick<Config, "DATA_DIR" | "LOG_DIR"> {
  const DATA_DIR = OPTIONS.DATA_DIR.parse(env.DATA_DIR?.trim() || OPTIONS.DATA_DIR.fallback);
  return { DATA_DIR, LOG_DIR: OPTIONS.LOG_DIR.parse(env.LOG_DIR?.trim() || `${DATA_DIR}/logs`) };
}

/** What each option allows and all of them together do not mean. */
function examineAddress(config: Config): Finding[] {
  const { HOST, SITE_URL, TRUST_PROXY, ALLOW_PRIVATE_NETWORK } = config;
  const isLocalSite = LOOPBACK.test(new URL(SITE_URL).hostname.replace(/^\[/, ""));
  const isBehindProxy = SITE_URL.startsWith("https:");
  const found: (Finding | false)[] = [
    isDefaultSiteUrl(config) &&
      !LOOPBACK.test(HOST) &&
      warning(
        "site_url",
        `SITE_URL is ${SITE_URL}`,
        "Set SITE_URL to the address that readers type: links and feeds follow it.",
      ),
    !isBehindProxy &&
      !isLocalSite &&
      warning(
        "site_url",
        `SITE_URL is ${SITE_URL}`,
        "Use https: without it the password and the login cross the network in the open.",
      ),
    isBehindProxy &&
      TRUST_PROXY === false &&
      warning(
        "proxy",
        `TRUST_PROXY is off, and SITE_URL is ${SITE_URL}`,
        "Set TRUST_PROXY to the address of the proxy (loopback on this machine): as it is, all visitors count as one, and one wrong password too many locks out everyone.",
      ),
    typeof TRUST_PROXY === "number" &&
      !LOOPBACK.test(HOST) &&
      warning(
        "proxy",
        `TRUST_PROXY counts ${TRUST_PROXY}, and HOST is ${HOST}`,
        "Name the proxy's addresses in TRUST_PROXY instead: whoever reaches the port directly could choose an address to come from.",
      ),
    ALLOW_PRIVATE_NETWORK &&
      warning(
        "private_network",
        "ALLOW_PRIVATE_NETWORK is true",
        "Unset it: it lets pages elsewhere send requests into your network.",
      ),
  ];
  return found.filter((finding) => finding !== false);
}
