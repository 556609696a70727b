import type { InstalledExtension } from "../contract/install.ts";

const UI_FOLDER = "ui/";

interface FrameAddressOptions {
  readonly install: Pick<InstalledExtension, "registry_id" | "content_hash">;
  /** Entry page as the manifest names it. */
  readonly entry: string;
  /** Origin that serves this extension's UI, without a trailing slash. */
  readonly origin: string;
  /** Origin of the page that shows the frame. */
  readonly parentOrigin: string;
  /** Where the browser reports violations of the frame's policy. */
  readonly reportKey: string;
}

/** `{origin}/ext-ui/{id}/{hash}/{entry}?parentOrigin=…`, every part encoded. */
export function frameAddress({
  install,
  entry,
  origin,
  parentOrigin,
  reportKey,
}: FrameAddressOptions): string {
  const page = entry.startsWith(UI_FOLDER) ? entry.slice(UI_FOLDER.length) : entry;
  const path = [install.registry_id, install.content_hash, ...page.split("/")]
    .map(encodeURIComponent)
    .join("/");
  const query = new URLSearchParams({ parentOrigin, report: reportKey });
  return `${origin}/ext-ui/${path}?${query}`;
}
