import type { HtmlElement, HtmlNode } from "./html-tree.ts";
import { attribute, createElement, isElement, setAttribute, setText } from "./html-tree.ts";

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

/** Gives a player its shape: it never starts by itself, nor loads before someone wants it to. */
export function shapeMedia(media: HtmlElement): HtmlNode[] {
  media.childNodes = media.childNodes.filter((child) => child.nodeName === "source" || child.nodeName === "track");
  const isPlayable =
    attribute(media, "src") !== undefined || media.childNodes.some((child) => child.nodeName === "source");
  if (!isPlayable) return [];
  setAttribute(media, "controls", "");
  setAttribute(media, "preload", "none");
  return [media];
}

/** Keeps a source or a track where a player can use it. */
export function shapeSource(source: HtmlElement): HtmlNode[] {
  const { parentNode } = source;
  const isInMedia = isElement(parentNode) && (parentNode.tagName === "video" || parentNode.tagName === "audio");
  return isInMedia && attribute(source, "src") !== undefined ? [source] : [];
}
