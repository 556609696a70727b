export const SCHEMES = ["light", "dark"] as const;
export type Scheme = (typeof SCHEMES)[number];

/** The custom properties that the UI kit of the platform reads, in the workbench's own colours. */
const TOKENS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  "--alga-bg": ["#ffffff", "#12171d"],
  "--alga-fg": ["#1d2630", "#dbe4ee"],
  "--alga-muted": ["#f1f4f7", "#1b222b"],
  "--alga-muted-fg": ["#55626f", "#9aa8b6"],
  "--alga-card-bg": ["#f8fafb", "#171d25"],
  "--alga-border": ["#d8dee5", "#2d3844"],
  "--alga-border-light": ["#e9edf1", "#222b35"],
  "--alga-primary": ["#6d3fd4", "#9a78f0"],
  "--alga-primary-foreground": ["#ffffff", "#14101f"],
  "--alga-primary-light": ["#d9cdf6", "#4a3590"],
  "--alga-primary-dark": ["#5730ad", "#b59cf5"],
  "--alga-primary-50": ["#f5f1fd", "#241b40"],
  "--alga-primary-100": ["#ebe3fb", "#30235a"],
  "--alga-primary-soft": ["#f5f1fd", "#241b40"],
  "--alga-primary-soft-fg": ["#5730ad", "#c7b5f8"],
  "--alga-primary-soft-hover": ["#ebe3fb", "#30235a"],
  "--alga-primary-border": ["#c5b2f1", "#5e46ae"],
  "--alga-secondary": ["#0b7fa8", "#4cc6ee"],
  "--alga-secondary-foreground": ["#ffffff", "#06212b"],
  "--alga-secondary-light": ["#cdeaf5", "#0f4f66"],
  "--alga-accent": ["#b35a00", "#f5a44c"],
  "--alga-accent-foreground": ["#ffffff", "#2a1500"],
  "--alga-success": ["#146c34", "#55c990"],
  "--alga-warning": ["#835006", "#f2b84b"],
  "--alga-danger": ["#b3261e", "#f5837e"],
  "--alga-danger-dark": ["#8c1d17", "#ffaaa6"],
  "--alga-ring": ["215 77% 44%", "212 100% 71%"],
  "--alga-radius": ["8px", "8px"],
  "--alga-row-even": ["#f8fafb", "#171d25"],
  "--alga-row-odd": ["#ffffff", "#12171d"],
  "--alga-row-hover": ["#eef1f5", "#1e2731"],
};

/** Theme tokens as a frame gets them: custom property → value. */
export function themeTokens(scheme: Scheme): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(TOKENS).map(([name, [light, dark]]) => [name, scheme === "dark" ? dark : light]),
  );
}
