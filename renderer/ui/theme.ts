import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** Blue of the tokens, from light to dark; the seventh is `--accent-solid`. */
const accent: MantineColorsTuple = [
  "#eaf3ff",
  "#d3e4fb",
  "#a4c7f5",
  "#72a8ee",
  "#4a8ee9",
  "#2f7de6",
  "#1a67c4",
  "#175cb0",
  "#12509b",
  "#0b4486",
];

/** The greys of the tokens' dark and light grounds, where the library looks for its own. */
const dark: MantineColorsTuple = [
  "#dbe4ee",
  "#b7c3cf",
  "#93a2b1",
  "#7a8a9a",
  "#2a3540",
  "#26313c",
  "#1b232c",
  "#151b22",
  "#0f1318",
  "#0b0e12",
];
const gray: MantineColorsTuple = [
  "#f6f8fa",
  "#eef1f5",
  "#e3e8ee",
  "#d8dee5",
  "#bcc6d0",
  "#828f9c",
  "#55626f",
  "#3f4b57",
  "#2c3742",
  "#1d2630",
];

/** The component library in the tokens' clothes: dense, calm, colour only for meaning. */
export const mantineTheme = createTheme({
  primaryColor: "accent",
  primaryShade: 6,
  colors: { accent, dark, gray },
  fontFamily: "var(--sans)",
  fontFamilyMonospace: "var(--mono)",
  fontSizes: { xs: "0.6875rem", sm: "0.75rem", md: "0.8125rem", lg: "0.9375rem", xl: "1.125rem" },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.45", lg: "1.4", xl: "1.35" },
  headings: { fontFamily: "var(--sans)", fontWeight: "600" },
  radius: { xs: "3px", sm: "4px", md: "6px", lg: "8px", xl: "12px" },
  defaultRadius: "md",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: "xs" } },
    ActionIcon: { defaultProps: { size: "sm", variant: "subtle", color: "gray" } },
    TextInput: { defaultProps: { size: "xs" } },
    NumberInput: { defaultProps: { size: "xs" } },
    PasswordInput: { defaultProps: { size: "xs" } },
    Textarea: { defaultProps: { size: "xs" } },
    Select: { defaultProps: { size: "xs" } },
    MultiSelect: { defaultProps: { size: "xs" } },
    Autocomplete: { defaultProps: { size: "xs" } },
    TagsInput: { defaultProps: { size: "xs" } },
    NativeSelect: { defaultProps: { size: "xs" } },
    FileInput: { defaultProps: { size: "xs" } },
    SegmentedControl: { defaultProps: { size: "xs" } },
    Switch: { defaultProps: { size: "xs" } },
    Checkbox: { defaultProps: { size: "xs" } },
    Radio: { defaultProps: { size: "xs" } },
    Table: { defaultProps: { verticalSpacing: 4, horizontalSpacing: "sm" } },
    Tooltip: { defaultProps: { openDelay: 300, events: { hover: true, focus: true, touch: false } } },
  },
});

/** Ground, text and lines come from tokens.css, which knows both themes. */
export const mantineVariables: CSSVariablesResolver = () => ({
  variables: {
    "--mantine-color-body": "var(--panel)",
    "--mantine-color-text": "var(--text)",
    "--mantine-color-dimmed": "var(--dim)",
    "--mantine-color-placeholder": "var(--dim)",
    "--mantine-color-error": "var(--bad)",
    "--mantine-color-anchor": "var(--accent)",
    "--mantine-color-default": "var(--ground)",
    "--mantine-color-default-hover": "var(--raise)",
    "--mantine-color-default-color": "var(--text)",
    "--mantine-color-default-border": "var(--line)",
    "--mantine-primary-color-light-color": "var(--accent)",
    "--mantine-color-accent-light-color": "var(--accent)",
  },
  light: {},
  dark: {},
});
