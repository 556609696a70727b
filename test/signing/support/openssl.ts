import { spawnSync } from "node:child_process";
import { describe } from "vitest";

/** What stock OpenSSL answered. */
export interface OpensslAnswer {
  readonly ok: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** `OpenSSL 3.0.19 …`, or `undefined` where there is none. */
const OPENSSL_VERSION = versionOf();

/** Whether the build has the provider with the old ciphers. */
export const HAS_LEGACY_PROVIDER =
  OPENSSL_VERSION !== undefined &&
  spawnSync("openssl", ["list", "-providers", "-provider", "legacy"], { encoding: "utf8" }).status === 0;

/** Runs stock OpenSSL, the oracle of these tests, in a folder. */
export function openssl(folder: string, ...args: string[]): OpensslAnswer {
  const { status, stdout, stderr } = spawnSync("openssl", args, { cwd: folder, encoding: "utf8", input: "" });
  return { ok: status === 0, stdout, stderr };
}

/** Like `openssl`, where a failure is a failure of the test's own preparation. */
export function opensslMust(folder: string, ...args: string[]): string {
  const answer = openssl(folder, ...args);
  if (!answer.ok) throw new Error(`openssl ${args.slice(0, 2).join(" ")} failed:\n${answer.stderr}`);
  return answer.stdout;
}

/** A block of tests that needs OpenSSL; its title says why it was skipped where there is none. */
export function describeWithOpenssl(title: string, body: () => void): void {
  if (OPENSSL_VERSION === undefined) {
    describe.skip(`${title} — SKIPPED: no openssl on the PATH, install it to compare with the oracle`, body);
  } else {
    describe(`${title} (oracle: ${OPENSSL_VERSION})`, body);
  }
}

function versionOf(): string | undefined {
  const { status, stdout } = spawnSync("openssl", ["version"], { encoding: "utf8" });
  return status === 0 && stdout.startsWith("OpenSSL 3")
    ? stdout.trim().split(" ").slice(0, 2).join(" ")
    : undefined;
}
