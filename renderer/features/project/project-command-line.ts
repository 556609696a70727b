/** Characters that no shell gives a meaning of its own. */
const PLAIN = /^[A-Za-z0-9_./:@%+=,~-]+$/;

/** A command of the workbench, quoted for a POSIX shell. */
export function commandLine(words: readonly string[]): string {
  const quoted = words.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`));
  return ["workbench", ...quoted].join(" ");
}
