import type { HtmlElement, HtmlNode } from "./html-tree.ts";
import { attribute, createElement, isElement, isInside, removeAttribute, setAttribute, setText } from "./html-tree.ts";
import { urlKind } from "./safe-url.ts";

/** Gives an image its shape: loaded when it comes near; its description in its place where it has no address. */
export function shapeImage(image: HtmlElement): HtmlNode[] {
  const alt = attribute(image, "alt") ?? "";
  if (attribute(image, "src") === undefined) return textNodes(alt);
  if (attribute(image, "alt") === undefined) setAttribute(image, "alt", "");
  setAttribute(image, "loading", "lazy");
  setAttribute(image, "decoding", "async");
  return [image];
}

function textNodes(text: string): HtmlNode[] {
  const holder = createElement("span");
  setText(holder, text);
  return holder.childNodes;
}

/**
 * Gives a player its shape: it never starts by itself, nor loads before someone wants it to. What would come from another
 * server, which the site's policy forbids, is a link with the player's title, or with its address.
 */
export function shapeMedia(media: HtmlElement): HtmlNode[] {
  const parts = media.childNodes.filter((child) => child.nodeName === "source" || child.nodeName === "track");
  const sources = [media, ...parts.filter((part) => part.nodeName === "source")]
    .map(sourceOf)
    .filter((src) => src !== "");
  if (!sources.some(isOwn)) return linkTo(sources[0], media);
  media.childNodes = parts.filter((part) => isOwn(sourceOf(part)));
  if (!isOwn(sourceOf(media))) removeAttribute(media, "src");
  setAttribute(media, "controls", "");
  setAttribute(media, "preload", "none");
  return [media];
}

function sourceOf(node: HtmlNode): string {
  return (isElement(node) && attribute(node, "src")) || "";
}

function isOwn(src: string): boolean {
  return urlKind(src) === "root";
}

function linkTo(src: string | undefined, media: HtmlElement): HtmlNode[] {
  if (src === undefined) return [];
  const words = attribute(media, "title")?.trim() || src;
  if (isInside(media, "a")) return textNodes(words);
  const link = createElement("a", { href: src });
  setText(link, words);
  return [link];
}

/** Keeps a source or a track where a player can use it. */
export function shapeSource(source: HtmlElement): HtmlNode[] {
  const { parentNode } = source;
  const isInMedia = isElement(parentNode) && (parentNode.tagName === "video" || parentNode.tagName === "audio");
  return isInMedia && attribute(source, "src") !== undefined ? [source] : [];
}
