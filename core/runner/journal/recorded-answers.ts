import { isInterfaceName } from "../../contract/capability.ts";
import { EXECUTE_ERROR_CODES } from "../../contract/execute.ts";
import type { HostCallRecord, ReplayInput } from "../../contract/execution-journal.ts";
import type { HostOutcome } from "../capabilities/host-outcome.ts";
import { WORLD } from "../capabilities/world.ts";
import { digestOfSecret } from "./recorded-value.ts";

/** Answers the host calls of a replay, in the order of the record. */
export interface RecordedAnswers {
  answer(name: string, fn: string, args: readonly unknown[]): HostOutcome;
}

/**
 * @param secrets those of the install today: a secret's value is in no record. One that has changed ends the replay.
 * Arguments are not judged here: whoever compares the two journals sees them, and more than one at once.
 */
export function createRecordedAnswers(
  replay: ReplayInput,
  secrets: () => ReadonlyMap<string, string>,
): RecordedAnswers {
  const remote = replay.calls.filter(isRemote);
  let next = 0;
  return {
    answer(name, fn, args) {
      const call = remote[next];
      if (call === undefined || call.interface !== name || call.function !== fn)
        return departed(`the record has no answer to ${name}.${fn} as host call ${next + 1}`);
      next++;
      if (call.outcome === "refusal")
        return {
          kind: "refusal",
          payload: call.code ?? "internal",
          reason: call.message ?? call.code ?? "internal",
        };
      if (call.outcome === "trap")
        return { kind: "trap", code: codeOf(call.code), message: call.message ?? "trap" };
      if (call.outcome === "unfinished") return departed(`${name}.${fn} had no answer when it was recorded`);
      if (name === "secrets" && fn === "get") return secretOf(String(args[0]), call, replay, secrets());
      const decoded = decode(call.result);
      return decoded === NOT_RECORDED
        ? departed(`the answer of ${name}.${fn} is recorded as size and digest only`)
        : { kind: "value", value: decoded };
    },
  };
}

function isRemote({ interface: name }: HostCallRecord): boolean {
  return isInterfaceName(name) && WORLD[name].answeredBy === "runner";
}

function secretOf(
  key: string,
  call: HostCallRecord,
  { execution_id }: ReplayInput,
  secrets: ReadonlyMap<string, string>,
): HostOutcome {
  const value = secrets.get(key);
  if (
    value === undefined ||
    JSON.stringify(digestOfSecret(execution_id, value)) !== JSON.stringify(call.result)
  )
    return departed("a secret has changed since the record was made");
  return { kind: "value", value };
}

function departed(message: string): HostOutcome {
  return { kind: "trap", code: "internal", message: `replay: ${message}` };
}

function codeOf(code: string | undefined): (typeof EXECUTE_ERROR_CODES)[number] {
  return EXECUTE_ERROR_CODES.find((known) => known === code) ?? "internal";
}

const NOT_RECORDED = Symbol("kept as size and digest");

/** The value that was encoded, or `NOT_RECORDED` when any part of it is a digest. */
function decode(encoded: unknown): unknown {
  if (Array.isArray(encoded)) {
    const items = encoded.map(decode);
    return items.includes(NOT_RECORDED) ? NOT_RECORDED : items;
  }
  if (typeof encoded !== "object" || encoded === null) return encoded;
  if ("$absent" in encoded) return undefined;
  if ("$integer" in encoded) return BigInt(String(encoded.$integer));
  if ("$number" in encoded) return Number(encoded.$number);
  if ("$digest" in encoded) return NOT_RECORDED;
  if ("$bytes" in encoded) return bytesOf(encoded.$bytes);
  const entries = Object.entries(encoded).map(([name, value]) => [name, decode(value)] as const);
  return entries.some(([, value]) => value === NOT_RECORDED) ? NOT_RECORDED : Object.fromEntries(entries);
}

function bytesOf(recorded: unknown): Uint8Array | typeof NOT_RECORDED {
  if (typeof recorded !== "object" || recorded === null) return NOT_RECORDED;
  if ("text" in recorded) return new Uint8Array(Buffer.from(String(recorded.text)));
  return "base64" in recorded ? new Uint8Array(Buffer.from(String(recorded.base64), "base64")) : NOT_RECORDED;
}
