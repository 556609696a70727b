import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const MANIFEST = {
  name: "com.example.trial",
  version: "1.0.0",
  runtime: "wasm-js@1",
  capabilities: ["cap:storage.kv"],
  api: { endpoints: [{ method: "GET", path: "/x", handler: "x" }] },
};

/** Writes a project's files; objects become JSON. A manifest is added where none is given. */
export function writeProject(dir: string, files: Record<string, string | object>): string {
  for (const [path, content] of Object.entries({ "manifest.json": MANIFEST, ...files })) {
    const file = join(dir, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  }
  return dir;
}

/** The error that a promise is rejected with; fails when it is not. */
export async function rejection(promise: Promise<unknown>): Promise<{
  code?: string;
  message: string;
  details?: Record<string, unknown>;
  hint?: string;
  kind?: string;
}> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error("expected a rejection");
}
