import { Buffer } from "node:buffer";
import type { Header } from "../../../contract/execute.ts";
import { heldBytes } from "./held-bytes.ts";

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

type Entry = readonly [name: string, value: Uint8Array];

/** `wasi:http/types.fields`: names as they were given, found without case; values are octets. */
export class Fields {
  #entries: Entry[] = [];

  static fromList(entries: readonly Entry[]): Fields {
    const fields = new Fields();
    for (const [name, value] of entries) fields.append(name, value);
    return fields;
  }

  static fromHeaders(headers: readonly Header[]): Fields {
    return Fields.fromList(headers.map(({ name, value }) => [name, Buffer.from(value, "latin1")]));
  }

  get(name: string): Uint8Array[] {
    return this.#entries.filter(([other]) => same(other, name)).map(([, value]) => value);
  }

  has(name: string): boolean {
    return this.#entries.some(([other]) => same(other, name));
  }

  set(name: string, values: readonly Uint8Array[]): void {
    this.delete(name);
    for (const value of values) this.append(name, value);
  }

  delete(name: string): void {
    this.#entries = this.#entries.filter(([other]) => !same(other, name));
  }

  append(name: string, value: Uint8Array): void {
    // What is in a value, the egress guard judges.
    if (!NAME.test(name)) throw headerError("invalid-syntax");
    heldBytes.take(name.length + value.byteLength);
    this.#entries.push([name, value]);
  }

  entries(): Entry[] {
    return [...this.#entries];
  }

  clone(): Fields {
    return Fields.fromList(this.#entries);
  }

  headers(): Header[] {
    return this.#entries.map(([name, value]) => ({ name, value: Buffer.from(value).toString("latin1") }));
  }
}

function same(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** jco lowers the own property `payload` into the result's `err`. */
function headerError(tag: "invalid-syntax"): Error {
  return Object.assign(new Error("a header is malformed"), { payload: { tag } });
}
