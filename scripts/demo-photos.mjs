// Photos for the demo, drawn: nobody's rights, no megabytes in the repository. Hills, water and light in layers, with the
// grain of a film, as JPEG.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

const [WIDTH, HEIGHT] = [1600, 1200];

/** Each: colours of the sky from above, of the layers from far to near, where the sun stands, and what the note says. */
const PHOTOS = [
  {
    name: "last-ferry",
    alt: "The sun goes down behind islands; the water is orange.",
    text: "The last ferry had gone, so we stayed for the light.",
    sky: ["#2b3a67", "#b56576", "#f4a259", "#ffd9a0"],
    layers: ["#8c5a6b", "#5b4660", "#2c2a45"],
    sun: [1050, 620, "#fff1cf"],
    water: true,
    day: "2026-11-22T05:42:00+01:00",
  },
  {
    name: "fog-at-seven",
    alt: "Pine hills one behind the other, each paler in the fog.",
    text: "Seven in the morning, and the hills were still making up their minds.",
    sky: ["#c9d6df", "#dfe7ea", "#eef2f0"],
    layers: ["#aebfc4", "#829a9f", "#557177", "#2c464b"],
    sun: [420, 330, "#ffffff"],
    day: "2026-11-18T07:10:00+01:00",
  },
  {
    name: "salt-flats",
    alt: "Pale dunes under a deep blue sky.",
    text: "Low tide. You can walk to the lighthouse, if you are back by four.",
    sky: ["#1c5d99", "#639fab", "#cfe3e2"],
    layers: ["#e0c9a6", "#cfae7f", "#b48a5a"],
    sun: [1250, 260, "#fffbe6"],
    day: "2026-11-10T13:05:00+01:00",
  },
  {
    name: "green-hour",
    alt: "Aurora over a black shore.",
    text: "It came for eleven minutes. Nobody said a word.",
    sky: ["#031019", "#0b3d3a", "#3fae7d", "#0e2f3f"],
    layers: ["#0b1d26", "#07131a"],
    sun: [300, 200, "#d7ffe9"],
    water: true,
    day: "2026-11-04T23:51:00+01:00",
  },
  {
    name: "first-heather",
    alt: "Heather in bloom up to the horizon, under evening clouds.",
    text: "August in the freezer: an old one, for a grey day.",
    sky: ["#6d83b5", "#c6a6c6", "#f6d6c8"],
    layers: ["#a35f8e", "#8a4a7d", "#5c3a5e", "#3a2a3f"],
    sun: [820, 480, "#fff0e2"],
    day: "2026-10-30T16:20:00+01:00",
  },
];

/** Writes the notes and their photos into a folder, to be imported. */
export async function writePhotoNotes(folder) {
  mkdirSync(folder, { recursive: true });
  for (const [index, photo] of PHOTOS.entries()) {
    writeFileSync(join(folder, `${photo.name}.jpg`), await drawPhoto(photo, index + 1));
    const matter = `---\nslug: ${photo.name}\ndate: ${photo.day}\ntags: [photo, sea]\n---\n`;
    writeFileSync(join(folder, `${photo.name}.md`), `${matter}\n![${photo.alt}](${photo.name}.jpg)\n\n${photo.text}\n`);
  }
}

/** A wide picture for the head of a page. */
export function drawHeader() {
  return drawPhoto(PHOTOS[0], 7);
}

function drawPhoto({ sky, layers, sun: [x, y, light], water }, seed) {
  const stops = sky
    .map((colour, index) => `<stop offset="${index / (sky.length - 1)}" stop-color="${colour}"/>`)
    .join("");
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
    <linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">${stops}</linearGradient>
    <radialGradient id="sun"><stop offset="0" stop-color="${light}"/><stop offset=".12" stop-color="${light}" stop-opacity=".8"/><stop offset="1" stop-color="${light}" stop-opacity="0"/></radialGradient>
    <filter id="grain"><feTurbulence type="fractalNoise" baseFrequency=".8" numOctaves="2" seed="${seed}"/><feColorMatrix values="0 0 0 0 .5  0 0 0 0 .5  0 0 0 0 .5  0 0 0 .55 -.2"/></filter>
    <rect width="100%" height="100%" fill="url(#sky)"/><circle cx="${x}" cy="${y}" r="520" fill="url(#sun)"/>
    ${layers.map((colour, index) => drawLayer({ colour, index, count: layers.length, seed })).join("")}
    ${water ? drawWater(light, x) : ""}
    <rect width="100%" height="100%" filter="url(#grain)" opacity=".22"/>
  </svg>`;
  return sharp(Buffer.from(drawing)).jpeg({ quality: 82 }).toBuffer();
}

/** A ridge of three waves whose lengths share no measure. */
function drawLayer({ colour, index, count, seed }) {
  const middle = 640 + ((index + 1) * 420) / count;
  const points = Array.from({ length: 81 }, (_, step) => {
    const at = (step * WIDTH) / 80;
    const rise =
      70 * Math.sin(at / 260 + seed * 2.1 + index * 1.7) +
      34 * Math.sin(at / 97 + seed + index) +
      12 * Math.sin(at / 31 + index);
    return `${at},${(middle - rise * (1 - index / (2 * count))).toFixed(1)}`;
  });
  return `<polygon points="0,${HEIGHT} ${points.join(" ")} ${WIDTH},${HEIGHT}" fill="${colour}"/>`;
}

function drawWater(light, x) {
  const glints = Array.from({ length: 26 }, (_, index) => {
    const width = 40 + ((index * 73) % 190);
    const left = x - width / 2 + (((index * 131) % 160) - 80);
    return `<rect x="${left}" y="${930 + index * 10}" width="${width}" height="3" rx="1.5" fill="${light}" opacity="${0.5 - index / 70}"/>`;
  });
  return glints.join("");
}
