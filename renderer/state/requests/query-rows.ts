/** One parameter of a query, decoded. */
export interface QueryRow {
  readonly name: string;
  readonly value: string;
}

/** The query of a path as rows. The path stays the one place where it is kept, so both can be typed into. */
export function queryRows(path: string): readonly QueryRow[] {
  const start = path.indexOf("?");
  if (start === -1) return [];
  return path
    .slice(start + 1)
    .split("&")
    .filter((part) => part !== "")
    .map((part) => {
      const equals = part.indexOf("=");
      return equals === -1
        ? { name: decode(part), value: "" }
        : { name: decode(part.slice(0, equals)), value: decode(part.slice(equals + 1)) };
    });
}

/** The path with these rows as its query. */
export function withQueryRows(path: string, rows: readonly QueryRow[]): string {
  const plain = path.split("?")[0] ?? "";
  const parts = rows
    .filter(({ name, value }) => name !== "" || value !== "")
    .map(({ name, value }) => (value === "" ? encode(name) : `${encode(name)}=${encode(value)}`));
  return parts.length === 0 ? plain : `${plain}?${parts.join("&")}`;
}

/** Variables keep their braces: they are filled in later. */
function encode(text: string): string {
  return text
    .split(/(\{\{[^}]*\}\})/)
    .map((part, index) => (index % 2 === 1 ? part : encodeURIComponent(part)))
    .join("");
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
