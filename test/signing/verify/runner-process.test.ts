import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { signArchive } from "../../../core/signing/index.ts";
import { NOW, signingHome, trusting } from "../support/signing-home.ts";

const ROOT = join(import.meta.dirname, "../../..");
const VERIFIER = join(ROOT, "core/signing/verify/index.ts");

describe("the verifier in the runner process", () => {
  it("works under Node's permissions, without write access and without code from strings", async () => {
    const { keystore, folder } = signingHome();
    const archive = Buffer.from("archive");
    const input: Record<string, unknown>[] = [];
    for (const algorithm of ["rsa-3072", "ecdsa-p384", "ed25519"] as const) {
      const key = await keystore.generate({ algorithm, subject: "CN=Acme" });
      const signature = await signArchive({ archive, signer: keystore.signer(key.id), signingTime: NOW });
      input.push({ signature, trust: trusting(key.certificate_chain_pem) });
    }
    const script = join(folder, "verify.mjs");
    writeFileSync(
      script,
      `import { verifyArchive } from ${JSON.stringify(pathToFileURL(VERIFIER).href)};
       const at = new Date(${NOW.getTime()});
       const verified = [];
       for (const { signature, trust } of ${JSON.stringify(input)}) {
         for (const archive of [Buffer.from("archive"), Buffer.from("other")]) {
           verified.push((await verifyArchive({ archive, signature, trust, at })).code ?? "verified");
         }
       }
       console.log(JSON.stringify(verified));`,
    );
    const flags = ["--permission", `--allow-fs-read=${ROOT}`, `--allow-fs-read=${folder}`];
    const output = execFileSync(
      process.execPath,
      [...flags, "--disallow-code-generation-from-strings", script],
      {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    expect(JSON.parse(output)).toEqual(Array(3).fill(["verified", "digest_mismatch"]).flat());
  });

  it("loads neither the database, nor the key store, nor the libraries that only they need", () => {
    const script = `
      import { registerHooks } from "node:module";
      const loaded = [];
      registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
      await import(${JSON.stringify(pathToFileURL(VERIFIER).href)});
      console.log(loaded.join("\\n"));`;
    const { stdout, stderr, status } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
      encoding: "utf8",
    });
    expect(status, stderr).toBe(0);
    const foreign = [
      "better-sqlite3",
      "node-forge",
      "tsyringe",
      "reflect-metadata",
      "@peculiar/x509/",
      "pkijs",
    ];
    for (const name of [
      ...foreign,
      "/keystore/",
      "/keyfile/",
      "/trust/",
      "/core/store/",
      "/core/platform/",
    ]) {
      expect(stdout, name).not.toContain(name);
    }
    expect(stdout).toContain("/signing/verify/archive-verifier.ts");
  });
});
