import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll } from "vitest";
import { suiteFolder } from "./temp.ts";

export const WIRE_TOKEN = "the-service-token-of-tests";

const children: ChildProcess[] = [];
afterAll(() => {
  for (const child of children) child.kill("SIGKILL");
});

/** Starts `wire-runner.mjs`, which ends with the test file. Answers its origin. */
export async function startWireRunner(tls?: { cert: string; key: string }): Promise<string> {
  const child = spawn(process.execPath, [join(import.meta.dirname, "wire-runner.mjs")], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { WIRE_TOKEN, ...(tls === undefined ? {} : { WIRE_CERT: tls.cert, WIRE_KEY: tls.key }) },
  });
  children.push(child);
  const [port] = await once(createInterface({ input: child.stdout }), "line");
  return `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`;
}

/** A certificate that is its own authority, for the address given. */
export function selfSigned(address: string): { cert: string; key: string; certFile: string } {
  const folder = suiteFolder();
  const [certFile, keyFile] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const request = [
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "2",
  ];
  const names = ["-subj", "/CN=runner", "-addext", `subjectAltName=IP:${address}`];
  execFileSync("openssl", [...request, ...names, "-out", certFile, "-keyout", keyFile], { stdio: "ignore" });
  return { cert: readFileSync(certFile, "utf8"), key: readFileSync(keyFile, "utf8"), certFile };
}
