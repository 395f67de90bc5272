/**
 * Crawlers that say they collect texts and images to train models, by the names that their operators publish for
 * robots.txt; and two (Google-Extended, Applebot-Extended) that stand for that use of what another crawler fetched. Not
 * among them: those of search engines, and those that fetch a page because a person asked for it (ChatGPT-User,
 * Claude-User, OAI-SearchBot, PerplexityBot), which refusing training does not mean. docs/configuration.md names this list.
 */
export const TRAINING_CRAWLERS: readonly string[] = [
  "AI2Bot", // Allen Institute for AI
  "Ai2Bot-Dolma",
  "Amazonbot", // Amazon
  "anthropic-ai", // Anthropic, an older name
  "Applebot-Extended", // Apple
  "Bytespider", // ByteDance
  "CCBot", // Common Crawl, from which most sets of texts are made
  "ClaudeBot", // Anthropic
  "cohere-training-data-crawler", // Cohere
  "Diffbot",
  "FacebookBot", // Meta
  "Google-Extended", // Google
  "GPTBot", // OpenAI
  "ICC-Crawler", // NICT
  "ImagesiftBot",
  "Kangaroo Bot",
  "Meta-ExternalAgent", // Meta
  "omgili", // Webz.io
  "omgilibot",
  "PanguBot", // Huawei
  "SBIntuitionsBot", // SoftBank
  "Timpibot",
  "VelenPublicWebCrawler",
  "Webzio-Extended",
];
