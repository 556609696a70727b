/** A document of `docs/`, made into HTML when the page was built; see scripts/markdown-modules.ts. */
export interface HelpDocument {
  readonly title: string;
  readonly html: string;
}

const modules = import.meta.glob<HelpDocument>("../../../docs/*.md");

/** In the order in which one would read them; what is not named comes after, by name. */
const ORDER = [
  "getting-started",
  "window",
  "extensions",
  "policy",
  "quotas",
  "schedules-and-events",
  "business-data",
  "signing",
  "cli",
  "http-api",
  "metrics",
  "performance",
  "beyond-one-machine",
];

const NAME = /([^/]+)\.md$/;

/** Names of the documents, without folder and ending. */
export const DOCUMENT_NAMES: readonly string[] = Object.keys(modules)
  .map((path) => NAME.exec(path)?.[1] ?? path)
  .sort((one, other) => rank(one) - rank(other) || one.localeCompare(other));

/** Rejects when the page's own files are gone, as after an update of the host. */
export function loadDocument(name: string): Promise<HelpDocument> | undefined {
  return modules[`../../../docs/${name}.md`]?.();
}

const TITLES: Readonly<Record<string, string>> = {
  cli: "Command line",
  "http-api": "HTTP API",
  window: "The window",
};

/** A name as a title, until the document is there. */
export function titleOf(name: string): string {
  return TITLES[name] ?? `${name.slice(0, 1).toUpperCase()}${name.slice(1).replaceAll("-", " ")}`;
}

function rank(name: string): number {
  const place = ORDER.indexOf(name);
  return place < 0 ? ORDER.length : place;
}
