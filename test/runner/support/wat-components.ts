import { parse } from "@bytecodealliance/jco";

/** Parts of a component of the runner's world in WebAssembly text. Each has a harmless default. */
export interface WatProgram {
  /** Further fields of the core module, after its own memory. */
  readonly fields?: string;
  /** Data segments of memory 0. */
  readonly data?: string;
  /** What the handler does before it answers. `$log` takes address and length of a line. */
  readonly body?: string;
  /** An expression of the answer's address. */
  readonly answerAt?: string;
}

interface Answer {
  readonly header?: readonly [name: string, value: string];
  /** Bytes of the body, from the start of the memory. */
  readonly body?: number;
  readonly bodyTag?: number;
  readonly headersAt?: number;
  readonly headerCount?: number;
}

const ANSWER = 256;
const HEADERS = 512;
const NAME = 1_024;
const VALUE = 2_048;

/** An answer as the canonical ABI has it in memory: status u16, headers list, body option<list<u8>>. */
export function responding(status: string, answer: Answer = {}): WatProgram {
  const [name, value] = answer.header ?? ["x-ext-a", "b"];
  const count = answer.headerCount ?? (answer.header === undefined ? 0 : 1);
  const hasBody = answer.bodyTag ?? (answer.body === undefined ? 0 : 1);
  const length = (text: string) => text.replace(/\\[0-9a-f]{2}/g, "x").length;
  const words = (...values: number[]) =>
    values
      .map((word) =>
        [0, 8, 16, 24].map((bits) => `\\${((word >>> bits) & 0xff).toString(16).padStart(2, "0")}`).join(""),
      )
      .join("");
  return {
    data: `(data (i32.const ${ANSWER}) "${words(Number(status) & 0xffff_ffff, answer.headersAt ?? HEADERS, count, hasBody, 0, answer.body ?? 0)}")
      (data (i32.const ${HEADERS}) "${words(NAME, length(name), VALUE, length(value))}")
      (data (i32.const ${NAME}) "${name}") (data (i32.const ${VALUE}) "${value}")`,
  };
}

/** A component with the world's handler, which may log. */
export function componentOf({
  fields = "",
  data = "",
  body = "",
  answerAt = `(i32.const ${ANSWER})`,
}: WatProgram): Promise<Uint8Array> {
  return parse(`(component
    (import "alga:extension/types" (instance $types ${TYPES}))
    (alias export $types "execute-request" (type $request))
    (alias export $types "execute-response" (type $response))
    (import "alga:extension/logging" (instance $logging (export "log-info" (func (param "message" string)))))
    (core module $shared-memory (memory (export "memory") 8)
      (func (export "realloc") (param i32 i32 i32 i32) (result i32)
        (drop (memory.grow (i32.shr_u (local.get 3) (i32.const 16))))
        (i32.const 65536)))
    (core instance $shared (instantiate $shared-memory))
    (alias core export $shared "memory" (core memory $memory))
    (alias core export $shared "realloc" (core func $realloc))
    (alias export $logging "log-info" (func $log-info))
    (core func $log (canon lower (func $log-info) (memory $memory) (realloc $realloc)))
    (core module $main (import "shared" "memory" (memory 8)) (import "host" "log" (func $log (param i32 i32)))
      ${data} ${fields}
      (func (export "handler") (param i32) (result i32) ${body} ${answerAt}))
    (core instance $i (instantiate $main (with "shared" (instance $shared))
      (with "host" (instance (export "log" (func $log))))))
    (func (export "handler") (param "request" $request) (result $response)
      (canon lift (core func $i "handler") (memory $memory) (realloc $realloc))))`);
}

const TYPES =
  record("context-data", {
    "request-id": "(option string)",
    "tenant-id": "string",
    "extension-id": "string",
    "install-id": "(option string)",
    "version-id": "(option string)",
  }) +
  record("http-header", { name: "string", value: "string" }) +
  record("http-request", {
    method: "string",
    url: "string",
    headers: "(list $http-header)",
    body: "(option (list u8))",
  }) +
  record("execute-request", { context: "$context-data", http: "$http-request" }) +
  record("execute-response", { status: "u16", headers: "(list $http-header)", body: "(option (list u8))" });

function record(name: string, fields: Record<string, string>): string {
  const members = Object.entries(fields).map(([field, type]) => `(field "${field}" ${type})`);
  return `(type $own-${name} (record ${members.join(" ")})) (export "${name}" (type $${name} (eq $own-${name})))\n`;
}
