/**
 * The preparer process: makes of a bundle's component what the runner loads (generated glue, rewritten modules) and
 * writes it into the one folder that it may write to. Unlike the runner it runs no guest; unlike the host it holds
 * nothing that hostile bytes could be after. It ends with its host.
 */
import { createHash } from "node:crypto";
import { prepareComponent } from "../component/index.ts";
import { MAX_TABLE_ELEMENTS } from "../limits.ts";
import type { BundleReference } from "../prepared/prepared-file.ts";
import { createPreparedStore, type PreparedStore } from "../prepared/prepared-store.ts";
import {
  type PreparerReply,
  type PreparerRequest,
  preparerRequestSchema,
  preparerStartSchema,
} from "../prepared/preparer-protocol.ts";
import { preparationFailure, readBundle } from "./bundle-contents.ts";

const PAGES_PER_MIB = 16;
const COMPONENT = "dist/main.wasm";

let work: ((request: PreparerRequest) => Promise<void>) | undefined;
/** One after the other: the next may wait, and is not the one that is blamed when this one hangs. */
let last: Promise<void> = Promise.resolve();

process.on("disconnect", () => process.exit(0));
process.on("message", (message) => {
  if (work === undefined) {
    const { objectsDir, ...prepared } = preparerStartSchema.parse(message);
    const store = createPreparedStore(prepared);
    work = (request) => prepare(objectsDir, store, request);
    return;
  }
  const request = preparerRequestSchema.parse(message);
  const next = work;
  last = last
    .then(() => next(request))
    .then(
      () => answer({ id: request.id, ok: true }),
      (error: unknown) => answer({ id: request.id, ok: false, ...preparationFailure(error) }),
    );
});

async function prepare(
  objectsDir: string,
  store: PreparedStore,
  { contentHash, maxMemoryMb }: PreparerRequest,
): Promise<void> {
  const bundle = { contentHash, maxMemoryMb };
  const known = await store.reference(bundle);
  if (known !== undefined && (await isComplete(store, known, maxMemoryMb))) return;
  const files = await readBundle(objectsDir, contentHash, (path) => path === COMPONENT);
  const bytes = files.get(COMPONENT);
  if (bytes === undefined) return store.refer(bundle, {});
  const reference = { component: createHash("sha256").update(bytes).digest("hex") };
  if (!(await isComplete(store, reference, maxMemoryMb)))
    await store.keep(
      { ...reference, maxMemoryMb },
      await prepareComponent(bytes, {
        maxMemoryPages: maxMemoryMb * PAGES_PER_MIB,
        maxTableElements: MAX_TABLE_ELEMENTS,
      }),
    );
  // Last: a bundle that refers to a component finds it.
  await store.refer(bundle, reference);
}

async function isComplete(
  store: PreparedStore,
  { component }: BundleReference,
  maxMemoryMb: number,
): Promise<boolean> {
  if (component === undefined) return true;
  const name = { component, maxMemoryMb };
  if ((await store.component(name)) === undefined) return false;
  await store.touch(name);
  return true;
}

function answer(reply: PreparerReply): void {
  process.send?.(reply);
}
