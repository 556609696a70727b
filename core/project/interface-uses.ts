/** A place in the sources that reaches for one of the host's interfaces. Lines and columns from 1. */
export interface InterfaceUse {
  readonly name: string;
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

const IMPORTED = /(?:\bfrom\s*|\bimport\s*\(?\s*)["']alga:extension\/([a-z0-9-]+)(?:@[^"']*)?["']/g;
/** Parts of the runtime package's `host`, by the interface behind each. */
const HOST_PART = /\bhost\s*\.\s*(secrets|http|storage|uiProxy|scheduler|invoicing|clients|services)\b/g;
const INTERFACE_OF: Readonly<Record<string, string>> = { uiProxy: "ui-proxy" };
const TYPES_ONLY = /\bimport\s+type\b[^;]*$/;
/** Holds records, and no function that could be denied. */
const TYPES_INTERFACE = "types";
/** What a comment holds is kept as long as it was, so that places stay as they are. */
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|[\s;{}(,])\/\/[^\n]*/g;

/** Where sources reach for the host's interfaces: by importing them, or as parts of the runtime's `host`. */
export function interfaceUses(
  sources: readonly { readonly path: string; readonly text: string }[],
): InterfaceUse[] {
  return sources
    .filter(({ path }) => !path.endsWith(".d.ts"))
    .flatMap(({ path, text: written }) => {
      const text = written.replace(COMMENT, (comment) => comment.replace(/[^\n]/g, " "));
      const imported = [...text.matchAll(IMPORTED)].filter(
        ({ index, 1: name }) => name !== TYPES_INTERFACE && !TYPES_ONLY.test(text.slice(0, index)),
      );
      return [...imported, ...text.matchAll(HOST_PART)].map(({ index, 1: name = "" }) => ({
        name: INTERFACE_OF[name] ?? name,
        path,
        ...lineAndColumn(text, index),
      }));
    });
}

/** Both from 1. */
export function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
