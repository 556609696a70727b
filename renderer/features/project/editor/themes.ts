import { monaco } from "./monaco.ts";

/** The tokens of ui/tokens.css in the only form that the editor takes. */
const LIGHT = {
  "editor.background": "#ffffff",
  "editor.foreground": "#1d2630",
  "editorLineNumber.foreground": "#55626f",
  "editorLineNumber.activeForeground": "#1d2630",
  "editor.lineHighlightBackground": "#f6f8fa",
  "editor.lineHighlightBorder": "#00000000",
  "editorWidget.background": "#ffffff",
  "editorWidget.border": "#d8dee5",
  "editorGutter.background": "#ffffff",
  "editorHoverWidget.background": "#ffffff",
  "editorSuggestWidget.background": "#ffffff",
  focusBorder: "#1760b8",
};
const DARK = {
  "editor.background": "#151b22",
  "editor.foreground": "#dbe4ee",
  "editorLineNumber.foreground": "#93a2b1",
  "editorLineNumber.activeForeground": "#dbe4ee",
  "editor.lineHighlightBackground": "#1e2731",
  "editor.lineHighlightBorder": "#00000000",
  "editorWidget.background": "#151b22",
  "editorWidget.border": "#2a3540",
  "editorGutter.background": "#151b22",
  "editorHoverWidget.background": "#151b22",
  "editorSuggestWidget.background": "#151b22",
  focusBorder: "#6cb2ff",
};

const NAMES = { light: "workbench-light", dark: "workbench-dark" } as const;
// Comments in the stock themes fall short of 4.5:1 on our grounds.
monaco.editor.defineTheme(NAMES.light, {
  base: "vs",
  inherit: true,
  rules: [{ token: "comment", foreground: "55626f" }],
  colors: LIGHT,
});
monaco.editor.defineTheme(NAMES.dark, {
  base: "vs-dark",
  inherit: true,
  rules: [{ token: "comment", foreground: "93a2b1" }],
  colors: DARK,
});

export function editorTheme(scheme: "light" | "dark"): string {
  return NAMES[scheme];
}
