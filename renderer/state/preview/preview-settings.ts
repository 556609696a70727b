import { z } from "zod";
import { PREVIEW_HOOKS } from "../../../core/contract/rpc/preview.ts";
import { createStore, type Readable } from "../store.ts";
import type { TextStorage } from "../text-storage.ts";
import { SCHEMES } from "./theme-tokens.ts";

const KEY = "workbench.preview";

/** Sizes in CSS pixels. `fit` takes the room that there is, and the height that the frame asks for. */
export const VIEWPORTS = {
  fit: undefined,
  phone: { width: 390, height: 844 },
  tablet: { width: 820, height: 1180 },
  laptop: { width: 1280, height: 720 },
  desktop: { width: 1920, height: 1080 },
} as const;
export type ViewportName = keyof typeof VIEWPORTS;
// Object.keys forgets the names that the object was written with.
export const VIEWPORT_NAMES = Object.keys(VIEWPORTS) as readonly ViewportName[];

export const LOCALES = [
  "en-US",
  "en-GB",
  "de-DE",
  "fr-FR",
  "es-ES",
  "nl-NL",
  "pl-PL",
  "pt-BR",
  "ja-JP",
  "ar-EG",
] as const;

const customSchema = z.object({
  user_type: z.enum(["internal", "client"]),
  user_name: z.string(),
  user_email: z.string(),
  client_name: z.string(),
  client_id: z.string(),
  may_write: z.boolean(),
});
export type CustomPersona = z.infer<typeof customSchema>;

const NOBODY: CustomPersona = {
  user_type: "internal",
  user_name: "Custom user",
  user_email: "custom@example.com",
  client_name: "",
  client_id: "",
  may_write: true,
};

const settingsSchema = z.object({
  installId: z.string().optional().catch(undefined),
  hook: z.enum(PREVIEW_HOOKS).catch("appMenu"),
  viewport: z.enum(VIEWPORT_NAMES).catch("fit"),
  scheme: z.enum(SCHEMES).catch("light"),
  locale: z.string().min(2).max(35).catch("en-US"),
  sameOrigin: z.boolean().catch(false),
  isCustom: z.boolean().catch(false),
  custom: customSchema.catch(NOBODY),
  path: z.string().max(2_048).catch("/"),
});
export type PreviewSettings = z.infer<typeof settingsSchema>;

export interface PreviewChoice extends Readable<PreviewSettings> {
  set(part: Partial<PreviewSettings>): void;
}

/** How the preview shows what it shows; a reload of the tab keeps it. */
export function createPreviewSettings(storage: TextStorage): PreviewChoice {
  const store = createStore<PreviewSettings>(settingsSchema.parse(parse(storage.getItem(KEY))));
  return {
    get: store.get,
    subscribe: store.subscribe,
    set(part) {
      store.update((settings) => ({ ...settings, ...part }));
      storage.setItem(KEY, JSON.stringify(store.get()));
    },
  };
}

function parse(text: string | null): object {
  try {
    const value: unknown = JSON.parse(text ?? "{}");
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
