import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { startCli } from "../support/cli-process.ts";
import { workbench } from "../support/command-line.ts";
import { tempFolder } from "../support/temp.ts";

const run = promisify(execFile);
/** The one that the design was written against. */
const PACKAGE = "@alga-psa/cli@0.2.0";
const INSTALL_MS = 90_000;

const folder = mkdtempSync(join(tmpdir(), "workbench-published-cli-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const unreachable = await installed();

const readySchema = z.object({
  url: z.string(),
  pid: z.number(),
  tenants: z.array(z.object({ tenant_id: z.string(), api_key: z.string() })).min(1),
});
const extensionSchema = z.object({
  extension: z.object({
    registry_id: z.string(),
    versions: z.array(z.object({ version_id: z.string(), content_hash: z.string() })),
  }),
  install: z.object({ install_id: z.string() }).nullable(),
});

describe.skipIf(unreachable !== undefined)(
  `the published command line${unreachable === undefined ? "" : ` (SKIPPED: npm could not install ${PACKAGE}: ${unreachable})`}`,
  () => {
    it("is refused without a signature, and publishes, installs and uninstalls when local uploads are signed", async () => {
      const cwd = tempFolder();
      const home = join(cwd, "home");
      const wb = async (...args: string[]) => {
        const outcome = await workbench([...args, "--json"], { cwd, home });
        expect(outcome, outcome.stdout).toMatchObject({ code: 0 });
        return outcome.json();
      };
      await wb("create", "ui", "--name", "com.acme.ui", "--template", "ui");
      await wb("build", "ui");
      await wb("pack", "ui");
      // Where the published command line looks for the manifest of a bundle that is packed already.
      copyFileSync(join(cwd, "ui", "manifest.json"), join(cwd, "ui", "dist", "manifest.json"));
      const bundle = join(cwd, "ui", "dist", "bundle.tar.zst");
      const generated = await wb("keys", "generate", "--algorithm", "ed25519", "--subject", "CN=Uploads");
      const key = z.object({ id: z.string() }).parse(generated).id;
      await wb("trust", "add", "--key", key);

      const strict = startCli(["serve", "--home", home, "--json"]);
      const refusing = alga(readySchema.parse(JSON.parse(await strict.answer())));
      const refused = await refusing("publish", bundle);
      expect(refused.code).toBe(1);
      expect(refused.output).toMatch(/Finalize failed \(422\): .*"code":"signature_missing"/);
      const nobody = await refusing("install", "com.acme.ui", "--version", "0.1.0");
      expect([nobody.code, nobody.output]).toEqual([1, expect.stringContaining("status: 404")]);
      strict.kill("SIGTERM");
      await strict.ended();

      const serve = startCli(["serve", "--home", home, "--json", "--sign-uploads", key]);
      const signing = alga(readySchema.parse(JSON.parse(await serve.answer())));
      const published = await signing("publish", bundle);
      expect(published, published.output).toMatchObject({ code: 0 });
      const { extension, install } = extensionSchema.parse(await wb("show", "com.acme.ui"));
      expect(published.output).toContain(`registryId: '${extension.registry_id}'`);
      expect(published.output).toContain(`versionId: '${extension.versions[0]?.version_id}'`);
      expect(published.output).toContain(`contentHash: '${extension.versions[0]?.content_hash}'`);
      expect(published.output).toContain(`installId: '${install?.install_id}'`);

      const again = await signing("publish", bundle);
      expect([again.code, again.output]).toEqual([
        0,
        expect.stringContaining(`installId: '${install?.install_id}'`),
      ]);
      const removed = await signing("uninstall", extension.registry_id);
      expect(removed, removed.output).toMatchObject({ code: 0 });
      expect(extensionSchema.parse(await wb("show", "com.acme.ui")).install).toBeNull();
      const once = await signing("install", extension.registry_id, "--version", "0.1.0");
      expect(once, once.output).toMatchObject({ code: 0 });
      expect(extensionSchema.parse(await wb("show", "com.acme.ui")).install).not.toBeNull();
      serve.kill("SIGTERM");
      await serve.ended();
    }, 120_000);
  },
);

/** Why the package could not be installed; `undefined` when it was. */
async function installed(): Promise<string | undefined> {
  writeFileSync(join(folder, "package.json"), '{"private": true}');
  try {
    await run("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", PACKAGE], {
      cwd: folder,
      timeout: INSTALL_MS,
      // npm is a script there.
      shell: process.platform === "win32",
    });
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split("\n")[0] ?? "") : "unknown";
  }
}

function alga({ url, tenants: [tenant] }: z.infer<typeof readySchema>) {
  const main = join(folder, "node_modules", "@alga-psa", "cli", "dist", "cli.js");
  return async (command: string, ...args: string[]): Promise<{ code: number; output: string }> => {
    const given = [
      main,
      "extension",
      command,
      ...args,
      "--api-key",
      tenant?.api_key ?? "",
      "--tenant",
      tenant?.tenant_id ?? "",
      "--base-url",
      url,
    ];
    try {
      const { stdout, stderr } = await run(process.execPath, given, { cwd: folder });
      return { code: 0, output: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = z
        .object({ code: z.number(), stdout: z.string(), stderr: z.string() })
        .parse(error);
      return { code, output: stdout + stderr };
    }
  };
}
