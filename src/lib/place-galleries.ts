import type { HtmlElement, HtmlNode, HtmlParent } from "./html-tree.ts";
import {
  attribute,
  createElement,
  elementsIn,
  isElement,
  isText,
  removeAttribute,
  replaceNode,
  setAttribute,
  setText,
} from "./html-tree.ts";

/** What a note shows beside its text. */
export type GalleryOptions = {
  /** Whether photos that stand alone are what the note is about: then they are its `u-photo`. */
  readonly isPhotoPost: boolean;
};

/** How wide a photo of a gallery is drawn, cut to its cell: two stand side by side, or three. */
const HALF_SIZES = "(max-width: 40rem) 66vw, 25rem";
const THIRD_SIZES = "(max-width: 40rem) 50vw, 19rem";

type Photo = { readonly shown: HtmlElement; readonly image: HtmlElement };

/**
 * Makes a gallery of every paragraph of two photos or more and nothing else; a photo that stands alone becomes a figure
 * where its title is its caption. Only images whose size is known take part, so that nothing jumps. Changes the tree.
 */
export function placeGalleries(root: HtmlParent, { isPhotoPost }: GalleryOptions): void {
  for (const paragraph of [...root.childNodes]) {
    if (!isElement(paragraph) || paragraph.tagName !== "p") continue;
    const photos = listPhotos(paragraph) ?? [];
    if (isPhotoPost) for (const { image } of photos) addClass(image, "u-photo");
    const group = toGroup(photos);
    if (group !== undefined) replaceNode(paragraph, group);
  }
}

/** What stands in place of a paragraph of photos; undefined: it stays. */
function toGroup(photos: readonly Photo[]): HtmlElement | undefined {
  const [first] = photos;
  if (photos.length > 1) return toGallery(photos);
  return first !== undefined && hasCaption(first) ? toFigure(first, undefined) : undefined;
}

/** The photos of a paragraph; undefined where there is anything else in it. */
function listPhotos(paragraph: HtmlElement): Photo[] | undefined {
  const photos: Photo[] = [];
  for (const child of paragraph.childNodes) {
    if (isSpace(child)) continue;
    const image = isElement(child) ? imageIn(child) : undefined;
    if (image === undefined || !isElement(child)) return undefined;
    photos.push({ shown: child, image });
  }
  return photos.length === 0 ? undefined : photos;
}

function isSpace(node: HtmlNode): boolean {
  return isText(node) ? node.value.trim() === "" : isElement(node) && node.tagName === "br";
}

/** An image of this site with its size, in a `<picture>` or not. */
function imageIn(element: HtmlElement): HtmlElement | undefined {
  const image = element.tagName === "picture" ? elementsIn(element).find(({ tagName }) => tagName === "img") : element;
  const isPhoto = image?.tagName === "img" && attribute(image, "src")?.startsWith("/media/");
  return isPhoto && attribute(image, "width") && attribute(image, "height") ? image : undefined;
}

function toGallery(photos: readonly Photo[]): HtmlElement {
  const gallery = createElement("div", { class: `gallery${shapeOf(photos)}` });
  for (const [index, photo] of photos.entries()) {
    for (const element of [photo.image, ...elementsIn(photo.shown)]) {
      if (attribute(element, "sizes") !== undefined) setAttribute(element, "sizes", sizesAt(index, photos.length));
    }
    append(gallery, toFigure(photo, `Photo ${index + 1} of ${photos.length}`));
  }
  return gallery;
}

/** Photos of one shape are cut less: all of them wide, all of them tall, or square cells for a mixture. */
function shapeOf(photos: readonly Photo[]): string {
  const ratios = photos.map(({ image }) => Number(attribute(image, "width")) / Number(attribute(image, "height")));
  if (ratios.every((ratio) => ratio > 1.1)) return " wide";
  return ratios.every((ratio) => ratio < 0.9) ? " tall" : "";
}

/** Three in a row, but two in the first rows where that leaves none over: as static/site.css has it. */
function sizesAt(index: number, count: number): string {
  const halves = [0, 4, 2][count % 3] ?? 0;
  return index < halves ? HALF_SIZES : THIRD_SIZES;
}

/** With a `label` the photo leads to itself, whole and large; the label is said where nobody has described it. */
function toFigure({ shown, image }: Photo, label: string | undefined): HtmlElement {
  const figure = createElement("figure");
  const caption = attribute(image, "title")?.trim() ?? "";
  removeAttribute(image, "title");
  if (label === undefined) append(figure, shown);
  else {
    const name = attribute(image, "alt") === "" ? { "aria-label": label } : {};
    const link = createElement("a", { href: attribute(image, "src") ?? "", ...name });
    append(link, shown);
    append(figure, link);
  }
  if (caption !== "") {
    const words = createElement("figcaption");
    setText(words, caption);
    append(figure, words);
  }
  return figure;
}

function hasCaption({ image }: Photo): boolean {
  return (attribute(image, "title")?.trim() ?? "") !== "";
}

function append(parent: HtmlElement, child: HtmlElement): void {
  child.parentNode = parent;
  parent.childNodes.push(child);
}

/** Adds a class, unless the element has it. */
export function addClass(element: HtmlElement, name: string): void {
  const classes = (attribute(element, "class") ?? "").split(" ").filter((each) => each !== "");
  if (classes.includes(name)) return;
  const value = [...classes, name].join(" ");
  const present = element.attrs.find((attr) => attr.name === "class");
  if (present === undefined) element.attrs.unshift({ name: "class", value });
  else present.value = value;
}
