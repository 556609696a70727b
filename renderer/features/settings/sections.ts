/** Parts of the settings, in their order; the search finds them by their words. */
export const SETTINGS_SECTIONS = [
  { id: "appearance", title: "Appearance", keywords: "theme light dark zoom size motion animation" },
  { id: "shortcuts", title: "Keyboard shortcuts", keywords: "keys hotkeys remap combination" },
  { id: "signing", title: "Signing of local uploads", keywords: "key sign upload control api" },
  { id: "tenants", title: "Tenants", keywords: "unsigned policy development bundles" },
  { id: "record", title: "Record", keywords: "retention prune executions logs days rows size keep" },
  {
    id: "environment",
    title: "Environment",
    keywords: "variables data folder home runner gateway token box",
  },
  { id: "runner", title: "Runner", keywords: "pool workers cache restarts memory process health" },
  { id: "doctor", title: "Doctor", keywords: "check machine node toolchain openssl clock" },
  { id: "about", title: "About", keywords: "version licence" },
] as const;

export type SettingsSection = (typeof SETTINGS_SECTIONS)[number]["id"];
