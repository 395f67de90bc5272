import { assetPath } from "../../src/web/assets.ts";
import type { LibraryFileView } from "../../src/web/library-views.ts";

/** The choices above the library. */
export const MEDIA_FILTERS = ["All", "Unused"].map((label, at) => ({
  label,
  path: "/admin/media",
  isCurrent: at === 0,
}));

/** A file of the library with everything in it. */
export function libraryFile(changes: Partial<LibraryFileView> = {}): LibraryFileView {
  const path = "/admin/media/aaaaaaaaaaaaaaaaaaaaaa.jpg";
  return {
    name: "aaaaaaaaaaaaaaaaaaaaaa.jpg",
    label: `${"long-name-".repeat(12)}.jpg`,
    path: "/media/aaaaaaaaaaaaaaaaaaaaaa.jpg",
    thumbnailPath: assetPath("icon.png"),
    facts: ["JPEG", "3.1 MB", "4000 × 3000", "March 1, 2026 at 10:30 AM"],
    alt: "A cat on a wall",
    isImage: true,
    player: "",
    markdown: "![A cat on a wall](/media/aaaaaaaaaaaaaaaaaaaaaa.jpg)",
    notes: [
      { label: "A note", path: "/admin/notes/1" },
      { label: "Another ".repeat(12), path: "/admin/notes/2" },
    ],
    isInSettings: false,
    describePath: `${path}/describe`,
    replacePath: `${path}/replace`,
    deletePath: `${path}/delete`,
    ...changes,
  };
}
