import { z } from "zod";
import { MAX_KEY_BYTES, MAX_NAMESPACE_BYTES, MAX_VALUE_BYTES } from "../storage-limits.ts";
import type { HostInterface } from "./dispatcher.ts";
import { HostRefusal } from "./host-outcome.ts";
import type { RunnerScope } from "./runner-scope.ts";

const MAX_REVISION = 2n ** 63n - 1n;

const within = (bytes: number) => (text: string) => Buffer.byteLength(text) <= bytes;
const namespace = z
  .string()
  .min(1, "the namespace is empty")
  .refine(within(MAX_NAMESPACE_BYTES), `the namespace is over ${MAX_NAMESPACE_BYTES} bytes`);
const key = z
  .string()
  .min(1, "the key is empty")
  .refine(within(MAX_KEY_BYTES), `the key is over ${MAX_KEY_BYTES} bytes`);
const entry = z.object({
  namespace,
  key,
  value: z
    .instanceof(Uint8Array)
    .refine((value) => value.byteLength <= MAX_VALUE_BYTES, `the value is over ${MAX_VALUE_BYTES} bytes`),
  revision: z.bigint().nonnegative().max(MAX_REVISION, "no such revision").optional(),
});
const cursor = z.string().refine(within(MAX_KEY_BYTES), "the cursor is no key").optional();

/** Judged here so that an oversized call never reaches the host; the host's repository judges again. */
export const storage: HostInterface<"storage", RunnerScope> = {
  get: (scope, ns, k) =>
    scope.askHost("storage.get", { namespace: accept(namespace, ns), key: accept(key, k) }),
  put: (scope, given) => scope.askHost("storage.put", accept(entry, given)),
  delete: (scope, ns, k) =>
    scope.askHost("storage.delete", { namespace: accept(namespace, ns), key: accept(key, k) }),
  listEntries: (scope, ns, from) =>
    scope.askHost("storage.list", { namespace: accept(namespace, ns), cursor: accept(cursor, from) }),
};

function accept<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new HostRefusal("denied", `storage: ${parsed.error.issues[0]?.message ?? "bad arguments"}`);
}
