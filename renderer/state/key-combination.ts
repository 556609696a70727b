/** The parts of a `KeyboardEvent` that tell what was pressed. */
export interface KeyPress {
  readonly key: string;
  /** Physical key, which stays when Shift or Alt change the character. */
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const MODIFIERS = ["mod", "ctrl", "alt", "shift"] as const;
type Modifier = (typeof MODIFIERS)[number];

const WORDS: Readonly<Record<string, string>> = {
  " ": "space",
  // One key on many keyboards; both mean "larger".
  "=": "+",
  arrowup: "up",
  arrowdown: "down",
  arrowleft: "left",
  arrowright: "right",
};

/**
 * One spelling for each combination: modifiers in a fixed order, then the key in lower case, e.g. `mod+shift+p`.
 * `mod` is Ctrl, or ⌘ on a Mac. `undefined` for what is no combination.
 */
export function normaliseCombination(text: string): string | undefined {
  const parts = text
    .toLowerCase()
    .split("+")
    .map((part) => part.trim());
  // "mod++" is the key "+".
  const key = text.endsWith("++") ? "+" : parts.at(-1);
  const modifiers = parts.slice(0, -1).filter((part) => part !== "");
  if (!key || isModifier(key) || !modifiers.every(isModifier)) return undefined;
  return spell(new Set(modifiers.filter(isModifier)), WORDS[key] ?? key);
}

/** What was pressed, in the same spelling; `undefined` while only modifiers are held. */
export function combinationOf(press: KeyPress, isMac: boolean): string | undefined {
  const key = keyOf(press);
  if (["control", "meta", "alt", "shift", "altgraph", "dead", "unidentified", "process"].includes(key)) {
    return undefined;
  }
  const modifiers = new Set<Modifier>();
  if (isMac ? press.metaKey : press.ctrlKey) modifiers.add("mod");
  if (isMac && press.ctrlKey) modifiers.add("ctrl");
  if (press.altKey) modifiers.add("alt");
  // "+" is Shift and another key on most keyboards, and meant as "+".
  if (press.shiftKey && !["+", "?"].includes(key)) modifiers.add("shift");
  return spell(modifiers, key);
}

/** As the platform's menus write it. */
export function showCombination(combination: string, isMac: boolean): string {
  const key = combination.endsWith("++") ? "+" : (combination.split("+").at(-1) ?? "");
  const modifiers = MODIFIERS.filter((name) => combination.split("+").includes(name) && name !== key);
  const shown = key.length === 1 ? key.toUpperCase() : `${key.slice(0, 1).toUpperCase()}${key.slice(1)}`;
  return isMac
    ? `${modifiers.map((name) => ({ mod: "⌘", ctrl: "⌃", alt: "⌥", shift: "⇧" })[name]).join("")}${shown}`
    : [
        ...modifiers.map((name) => ({ mod: "Ctrl", ctrl: "Ctrl", alt: "Alt", shift: "Shift" })[name]),
        shown,
      ].join("+");
}

function keyOf({ key, code, altKey, shiftKey }: KeyPress): string {
  // Alt and Shift make other characters of letters and digits; the shortcut means the key that is pressed.
  const physical = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(code);
  const isLatin = /^[a-z0-9]$/i.test(key);
  if (physical && (altKey || (shiftKey && !isLatin && physical[2] !== undefined))) {
    return (physical[1] ?? physical[2] ?? key).toLowerCase();
  }
  const lower = key.toLowerCase();
  return WORDS[lower] ?? lower;
}

function spell(modifiers: ReadonlySet<Modifier>, key: string): string {
  return [...MODIFIERS.filter((name) => modifiers.has(name)), key].join("+");
}

function isModifier(text: string): text is Modifier {
  return MODIFIERS.some((name) => name === text);
}
