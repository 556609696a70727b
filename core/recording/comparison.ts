import { isDeepStrictEqual } from "node:util";
import type { HostCallRecord } from "../contract/execution-journal.ts";
import type { Divergence, RecordedResponse } from "../contract/execution-recording.ts";

/** Further ones follow from the first. */
const MAX_DIVERGENCES = 50;

export interface Run {
  readonly response: RecordedResponse;
  readonly fuel: number;
  readonly calls: readonly HostCallRecord[];
}

/** Where two runs of the same request differ, in the order in which it came about: calls, answer, fuel. */
export function divergences(expected: Run, actual: Run): Divergence[] {
  const found: Divergence[] = [];
  const length = Math.max(expected.calls.length, actual.calls.length);
  for (let index = 0; index < length; index++) {
    const difference = callDifference(index + 1, expected.calls[index], actual.calls[index]);
    found.push(...difference);
    // From another function on, calls are no longer each other's counterparts.
    if (difference.some(({ part }) => part === "function" || part === "missing" || part === "added")) break;
  }
  const compare = (what: Divergence["what"], one: unknown, other: unknown) => {
    if (!isDeepStrictEqual(one, other)) found.push({ what, expected: one, actual: other });
  };
  compare("host_calls", expected.calls.length, actual.calls.length);
  compare("error", expected.response.error?.code, actual.response.error?.code);
  compare("status", expected.response.status, actual.response.status);
  compare("headers", expected.response.headers, actual.response.headers);
  compare("body", expected.response.body, actual.response.body);
  compare("fuel", expected.fuel, actual.fuel);
  return found.slice(0, MAX_DIVERGENCES);
}

function callDifference(
  call: number,
  expected: HostCallRecord | undefined,
  actual: HostCallRecord | undefined,
): Divergence[] {
  if (expected === undefined || actual === undefined) {
    const part = actual === undefined ? "missing" : "added";
    return [{ what: "host_call", call, part, expected: nameOf(expected), actual: nameOf(actual) }];
  }
  if (nameOf(expected) !== nameOf(actual))
    return [
      { what: "host_call", call, part: "function", expected: nameOf(expected), actual: nameOf(actual) },
    ];
  const parts = [
    ["arguments", expected.arguments, actual.arguments],
    ["outcome", outcomeOf(expected), outcomeOf(actual)],
    ["result", expected.result, actual.result],
  ] as const;
  return parts.flatMap(([part, one, other]) =>
    isDeepStrictEqual(one, other)
      ? []
      : [{ what: "host_call" as const, call, part, expected: one, actual: other }],
  );
}

function nameOf(call: HostCallRecord | undefined): string | undefined {
  return call && `${call.interface}.${call.function}`;
}

function outcomeOf({ outcome, code }: HostCallRecord): string {
  return code === undefined ? outcome : `${outcome} ${code}`;
}
