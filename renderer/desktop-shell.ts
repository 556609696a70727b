import { z } from "zod";
import { type DeepLink, deepLinkSchema } from "../core/contract/deep-link.ts";

/** What the page may ask of the desktop app around it; a browser tab has none. */
export interface DesktopShell {
  /** The platform's own dialog. `undefined` when the user gave up. */
  pickFolder(title: string): Promise<string | undefined>;
  /** Resolves when the user follows a `workbench://` link. */
  nextLink(): Promise<DeepLink>;
}

const bridgeSchema = z.object({
  pickFolder: z.custom<(title: string) => Promise<unknown>>((value) => typeof value === "function"),
  nextLink: z.custom<() => Promise<unknown>>((value) => typeof value === "function"),
});

/** @param bridge what the shell's preload put on `window`, if there is a shell */
export function findDesktopShell(bridge: unknown): DesktopShell | undefined {
  const found = bridgeSchema.safeParse(bridge);
  if (!found.success) return undefined;
  const { pickFolder, nextLink } = found.data;
  return {
    pickFolder: async (title) =>
      z
        .string()
        .nullable()
        .parse(await pickFolder(title)) ?? undefined,
    nextLink: async () => deepLinkSchema.parse(await nextLink()),
  };
}
