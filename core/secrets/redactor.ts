import { createSecretText, type SecretText } from "../platform/secret-text.ts";
import { type Database, dataVersionOf } from "../store/index.ts";
import type { Secrets } from "./envelope.ts";

/** Values remembered of one install, earlier ones included: a call that runs while a secret changes has the old one. */
const MAX_VALUES = 64;

export interface Redactor {
  /** `text` with every secret of the install replaced by `[secret KEY]`. @param isCut its end may hold half of one */
  redact(installId: string, text: string, isCut?: boolean): string;
  /** The same for many texts of one install, by the secrets of now. */
  redactorOf(installId: string): (text: string, isCut?: boolean) => string;
  /** What finds the secrets of now. */
  secretText(installId: string): SecretText;
}

export interface RedactorOptions {
  database: Database;
  /** Opened when something was written to the database since. */
  secrets: { open(installId: string): Secrets; generation(): number };
}

interface Known {
  /** Of the database and of this process's own writes, when the secrets were read. */
  readonly stamp: string;
  /** Key by value. */
  readonly values: ReadonlyMap<string, string>;
  readonly text: SecretText;
}

/** Keeps secrets out of whatever is written about an install. */
export function createRedactor({ database, secrets }: RedactorOptions): Redactor {
  const others = dataVersionOf(database);
  const installs = new Map<string, Known>();

  function knownOf(installId: string): Known {
    const stamp = `${secrets.generation()} ${others()}`;
    const before = installs.get(installId);
    if (before?.stamp === stamp) return before;
    const values = new Map([...(before?.values ?? [])].slice(-MAX_VALUES));
    for (const [key, value] of openedOf(installId)) values.set(value, key);
    const text =
      before !== undefined && isSame(before.values, values)
        ? before.text
        : createSecretText([...values].map(([value, key]) => [key, value]));
    const known = { stamp, values, text };
    installs.set(installId, known);
    return known;
  }

  /** What cannot be opened no extension has been given. */
  function openedOf(installId: string): Secrets {
    try {
      return secrets.open(installId);
    } catch {
      return new Map();
    }
  }

  return {
    secretText: (installId) => knownOf(installId).text,
    redact: (installId, text, isCut) =>
      installId === "" || text === "" ? text : knownOf(installId).text.redact(text, isCut),
    redactorOf(installId) {
      if (installId === "") return (text) => text;
      const known = knownOf(installId).text;
      return (text, isCut) => known.redact(text, isCut);
    },
  };
}

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...other].every(([value, key]) => one.get(value) === key);
}
