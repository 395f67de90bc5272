import { assetPath } from "../../src/web/assets.ts";
import type { AdminPage, Views } from "../../src/web/views.ts";

/** A request for everything, of an app that looks like another. */
export function sampleConsent(): Views["auth/consent.njk"]["consent"] {
  return {
    request: "a-request",
    name: "Quill",
    clientId: "https://quiil.example/",
    clientHost: "quiil.example",
    uri: "https://quiil.example/about",
    logoPath: assetPath("icon.png"),
    redirectUri: `https://quiil.example/callback?${"a=b&".repeat(30)}`,
    redirectHost: "quiil.example",
    me: "https://blog.example/",
    scopes: [
      { name: "create", meaning: "Publish new notes", isKnown: true },
      { name: "read", meaning: "Not known to this site.", isKnown: false },
    ],
    cautions: ["quiil.example looks much like quill.example, but is another site. Do you mean this one?"],
    writesText: true,
    writesMarkdown: true,
    lengths: [
      { value: "day", label: "1 day", isChecked: false },
      { value: "year", label: "1 year", isChecked: true },
    ],
  };
}

/** Apps with everything that can be said of one, and what they did. */
export function fullAppViews(
  page: AdminPage,
): Pick<Views, "auth/consent.njk" | "admin/tokens.njk" | "admin/app-writes.njk" | "admin/undo-app.njk"> {
  const styled = { ...page, appsStylesheetPath: assetPath("apps.css") };
  return {
    "auth/consent.njk": { ...page, consent: sampleConsent() },
    "admin/tokens.njk": {
      ...styled,
      apps: [sampleApp(1, "An app with a name of its own"), sampleApp(2, LONG_ADDRESS)],
      endedApps: [{ ...sampleApp(3, "An app without access"), grants: [], logoPath: "" }],
      moreEndedApps: 4,
      scopes: [
        { name: "create", meaning: "Publish new notes", isChecked: true },
        { name: "delete", meaning: "Take notes down", isChecked: false },
      ],
      clientId: { value: "example", error: "This is no address." },
      scopeError: "Choose at least one right.",
      pkce: "required",
      appTexts: "plain",
      newToken: "p7Yc0X1mQk3v2J9sT4uWlZr8aBdEfGhIjKlMnOpQrSt",
    },
    "admin/app-writes.njk": {
      ...styled,
      app: {
        label: LONG_ADDRESS,
        filters: [
          { label: "All", path: "/admin/tokens/1/writes", count: "1,203", isCurrent: true },
          { label: "Deleted", path: "/admin/tokens/1/writes?kind=deleted", count: "3", isCurrent: false },
        ],
        rows: [written("A walk", "published"), { ...written("An erased note", ""), path: "", revisionPath: "" }],
        undoPath: "/admin/tokens/1/undo",
        nextPath: "/admin/tokens/1/writes?before=2026-03-01T09:30:00.000Z,7",
      },
    },
    "admin/undo-app.njk": { ...styled, undo: sampleUndo() },
  };
}

/** The same with as little as there can be. */
export function bareAppViews(
  page: AdminPage,
): Pick<Views, "auth/consent.njk" | "admin/tokens.njk" | "admin/app-writes.njk" | "admin/undo-app.njk"> {
  const full = fullAppViews(page);
  const { plan, ...undo } = full["admin/undo-app.njk"].undo;
  const consent = { ...sampleConsent(), name: "", uri: "", logoPath: "", scopes: [], cautions: [], writesText: false };
  return {
    "auth/consent.njk": { ...page, consent },
    "admin/tokens.njk": {
      ...full["admin/tokens.njk"],
      apps: [],
      endedApps: [],
      moreEndedApps: 0,
      clientId: { value: "", error: "" },
      scopeError: "",
      newToken: "",
      pkce: "optional",
      appTexts: "markdown",
    },
    "admin/app-writes.njk": {
      ...full["admin/app-writes.njk"],
      app: { ...full["admin/app-writes.njk"].app, rows: [], nextPath: "" },
    },
    "admin/undo-app.njk": {
      ...full["admin/undo-app.njk"],
      undo: { ...undo, at: { value: "", error: "" }, plan: plan && { ...plan, notes: [], more: "", button: "" } },
    },
  };
}

const LONG_ADDRESS = `https://app.example/${"long-".repeat(12)}`;

function sampleApp(id: number, label: string): Views["admin/tokens.njk"]["apps"][number] {
  return {
    id,
    label,
    clientId: LONG_ADDRESS,
    logoPath: assetPath("icon.png"),
    grants: [
      {
        id,
        made: "Let in February 20, 2026",
        firstUsed: "February 20, 2026 at 10:00 AM",
        lastUsed: id === 1 ? "February 21, 2026 at 10:00 AM" : "",
        ends: id === 1 ? "February 20, 2027" : "",
        scopes: [
          { name: "create", meaning: "Publish new notes", isKnown: true },
          { name: "a-scope-of-another-server".repeat(2), meaning: "Not known to this site.", isKnown: false },
        ],
        writesMarkdown: id === 1,
        textsPath: `/admin/tokens/${id}/texts`,
        narrowPath: `/admin/tokens/${id}/narrow`,
        revokePath: `/admin/tokens/${id}/revoke`,
      },
    ],
    ended: [{ made: "Let in February 2, 2026", scope: "create, update", state: "revoked February 3, 2026" }],
    moreEnded: 2,
    writes: id === 1 ? [{ label: "1,200 created", path: "/admin/tokens/1/writes?kind=created" }] : [],
    undoPath: `/admin/tokens/${id}/undo`,
  };
}

function written(label: string, status: string): Views["admin/app-writes.njk"]["app"]["rows"][number] {
  return {
    label,
    path: "/admin/notes/7",
    status,
    did: "Created",
    when: "February 21, 2026 at 10:00 AM",
    whenAt: "2026-02-21T10:00:00+01:00",
    revisionPath: "/admin/notes/7/revisions/1",
  };
}

function sampleUndo(): Views["admin/undo-app.njk"]["undo"] {
  return {
    label: LONG_ADDRESS,
    path: "/admin/tokens/1/undo",
    clientId: LONG_ADDRESS,
    choices: [
      { value: "hour", label: "In the last hour", meaning: "" },
      { value: "time", label: "Since a date and time", meaning: "By your clock; write it below." },
    ],
    choice: "time",
    at: { value: "", error: "Write a date and a time." },
    plan: {
      heading: "Undo what it did since February 21, 2026?",
      summary: ["1 note into the trash.", "1 note left alone, with the reason."],
      notes: [
        {
          label: "A walk",
          path: "/admin/notes/7",
          status: "published",
          outcome: "Into the trash.",
          remark: "",
          isChanged: true,
        },
        { label: "", path: "", status: "draft", outcome: "You changed it afterwards.", remark: "", isChanged: false },
      ],
      more: "and 12 notes more",
      button: "Undo in 1 note",
      key: "k".repeat(43),
      since: "2026-02-21T10:00:00.000Z",
      until: "2026-02-22T10:00:00.000Z",
      isOpen: true,
    },
  };
}
