import express from "express";

/**
 * Creates the router of one route family. Paths are matched to the letter (case, trailing slash), since each page has
 * one address; `web/canonical-path.ts` has led other spellings there before.
 */
export function createRouter(): express.Router {
  return express.Router({ caseSensitive: true, strict: true });
}
