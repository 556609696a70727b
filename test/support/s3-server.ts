import { once } from "node:events";
import { existsSync, readdirSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import S3rver from "@20minutes/s3rver";
import { afterAll, vi } from "vitest";
import { suiteFolder } from "./temp.ts";

const BUCKET = "team-bundles";
/** The server's own, which it knows no others besides. */
const KEY = "S3RVER";

export interface S3Server {
  readonly endpoint: string;
  /** For `BUNDLE_STORE`. */
  readonly url: string;
  /** Method and path of every request since the last call. */
  requests(): string[];
  /** File that holds the object under the key. */
  file(key: string): string;
  keys(): string[];
  /** What happens to requests instead of an answer; `undefined` brings the server back. */
  fail(how: ((request: IncomingMessage, response: ServerResponse) => void) | undefined): void;
}

/**
 * An S3 server with one bucket over a folder, for the tests of one file. It checks signatures. What it does not know
 * is a condition on writing, which is put in front of it as S3 documents it.
 */
export async function startS3Server(): Promise<S3Server> {
  const directory = suiteFolder();
  const s3 = new S3rver({ directory, silent: true, configureBuckets: [{ name: BUCKET }] });
  await s3.configureBuckets();
  const handle = s3.callback();
  let seen: string[] = [];
  let failure: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  const file = (key: string) => join(directory, BUCKET, `${key}._S3rver_object`);
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "", "http://s3").pathname;
    seen.push(`${request.method} ${path}`);
    if (failure !== undefined) return failure(request, response);
    const exists = existsSync(file(path.slice(`/${BUCKET}/`.length)));
    if (request.method === "PUT" && request.headers["if-none-match"] === "*" && exists) {
      request.resume();
      response.writeHead(412, { "content-type": "application/xml" });
      response.end("<Error><Code>PreconditionFailed</Code><Message>It is there.</Message></Error>");
      return;
    }
    handle(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on TCP has such an address.
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  vi.stubEnv("AWS_ACCESS_KEY_ID", KEY);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", KEY);
  afterAll(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  });
  return {
    endpoint,
    url: `s3://${BUCKET}/dev?endpoint=${endpoint}`,
    requests() {
      const since = seen;
      seen = [];
      return since;
    },
    file,
    keys: () =>
      readdirSync(join(directory, BUCKET), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith("._S3rver_object"))
        .map((name) => name.slice(0, -"._S3rver_object".length))
        .sort(),
    fail(how) {
      failure = how;
    },
  };
}
