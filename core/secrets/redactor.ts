import type { Database } from "../store/index.ts";
import type { Secrets } from "./envelope.ts";
import { formsOf, MIN_REDACTED_CHARACTERS } from "./secret-forms.ts";

/** Values remembered of one install, earlier ones included: a call that runs while a secret changes has the old one. */
const MAX_VALUES = 64;

export interface Redactor {
  /** `text` with every secret of the install replaced by `[secret KEY]`. @param isCut its end may hold half of one */
  redact(installId: string, text: string, isCut?: boolean): string;
}

export interface RedactorOptions {
  database: Database;
  /** Opened when something was written to the database since. */
  secrets: { open(installId: string): Secrets; generation(): number };
}

interface Known {
  readonly stamp: string;
  /** Key by value. */
  readonly values: ReadonlyMap<string, string>;
  readonly keyByForm: ReadonlyMap<string, string>;
  readonly pattern: RegExp | undefined;
}

/** Keeps secrets out of whatever is written about an install. */
export function createRedactor({ database, secrets }: RedactorOptions): Redactor {
  const others = database.prepare<[], number>("PRAGMA data_version").pluck();
  const installs = new Map<string, Known>();

  function knownOf(installId: string): Known {
    const stamp = `${secrets.generation()} ${others.get()}`;
    const before = installs.get(installId);
    if (before?.stamp === stamp) return before;
    const values = new Map([...(before?.values ?? [])].slice(-MAX_VALUES));
    for (const [key, value] of openedOf(installId)) {
      if (value.length >= MIN_REDACTED_CHARACTERS) values.set(value, key);
    }
    const known =
      before !== undefined && isSame(before.values, values) ? { ...before, stamp } : knowing(stamp, values);
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
    redact(installId, text, isCut = false) {
      if (installId === "" || text.length < MIN_REDACTED_CHARACTERS) return text;
      const { pattern, keyByForm } = knownOf(installId);
      if (pattern === undefined) return text;
      const whole = text.replace(pattern, (form) => markOf(keyByForm.get(form)));
      return isCut ? withoutCutSecret(whole, keyByForm) : whole;
    },
  };
}

function knowing(stamp: string, values: ReadonlyMap<string, string>): Known {
  const keyByForm = new Map([...values].flatMap(([value, key]) => formsOf(value).map((form) => [form, key])));
  // The longest first, so that a value that holds another one is replaced whole.
  const forms = [...keyByForm.keys()].sort((one, other) => other.length - one.length).map(literally);
  return {
    stamp,
    values,
    keyByForm,
    pattern: forms.length === 0 ? undefined : new RegExp(forms.join("|"), "g"),
  };
}

/** A line cut at its limit may end within a secret: so much of it as would be recognised is taken away. */
function withoutCutSecret(text: string, keyByForm: ReadonlyMap<string, string>): string {
  for (const [form, key] of keyByForm) {
    for (let length = form.length - 1; length >= MIN_REDACTED_CHARACTERS; length -= 1) {
      if (text.endsWith(form.slice(0, length))) return `${text.slice(0, -length)}${markOf(key)}`;
    }
  }
  return text;
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

function markOf(key = ""): string {
  return `[secret ${key}]`;
}

function isSame(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): boolean {
  return one.size === other.size && [...other].every(([value, key]) => one.get(value) === key);
}
