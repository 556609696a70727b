import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { startCli } from "../support/cli-process.ts";
import { workbench } from "../support/command-line.ts";
import { openRpcSocket } from "../support/rpc-socket.ts";
import { tempFolder } from "../support/temp.ts";

const origin = z.string().regex(/^http:\/\/[^/]+$/);
const readyLine = z.object({
  url: origin,
  gateway_url: origin,
  runner_url: origin,
  token: z.string().min(22),
  tenants: z.array(z.object({ tenant_id: z.string(), api_key: z.string() })).min(1),
  pid: z.number(),
});

describe("the folder that paths are read against", () => {
  it("is the one in which the user typed, not the one in which npm runs the script", async () => {
    const folder = tempFolder();
    const typed = { npm_lifecycle_event: "workbench", INIT_CWD: folder, WORKBENCH_HOME: "of-the-variable" };
    const option = startCli(["keys", "list", "--json", "--home", "of-the-option"], typed);
    const variable = startCli(["keys", "list", "--json"], typed);
    expect(await Promise.all([option.ended(), variable.ended()])).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(option.stdout()).toBe('{"keys":[]}\n');
    expect(existsSync(join(folder, "of-the-option", "workbench.sqlite"))).toBe(true);
    expect(existsSync(join(folder, "of-the-variable", "workbench.sqlite"))).toBe(true);
  });
});

describe("serve", () => {
  it("prints one line when it is ready, answers at its addresses, and ends cleanly on SIGTERM", async () => {
    const home = join(tempFolder(), "home");
    const serve = startCli(["serve", "--home", home, "--json"]);
    const ready = readyLine.parse(JSON.parse(await serve.answer()));
    expect(ready.pid).toBe(serve.pid);
    const [tenant] = ready.tenants;
    const answers = await Promise.all([
      fetch(ready.url, { headers: { connection: "close" } }),
      fetch(`${ready.gateway_url}/api/ext/com.example.handover-notes/status`, {
        headers: { "x-api-key": tenant?.api_key ?? "", connection: "close" },
      }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    const page = openRpcSocket(ready.url, ready.token);
    expect((await page.rpc("state")).status).toBe(200);
    await page.close();
    serve.kill("SIGTERM");
    expect(await serve.ended()).toEqual(process.platform === "win32" ? [null, "SIGTERM"] : [0, null]);
    expect(serve.stdout().split("\n")).toHaveLength(2);
  });

  it("signs what arrives without a signature only with the key that it was started with, and says so", async () => {
    const cwd = tempFolder();
    const home = join(cwd, "home");
    const wb = async (...args: string[]) => {
      const outcome = await workbench([...args, "--json"], { cwd, home });
      expect(outcome, outcome.stdout).toMatchObject({ code: 0 });
      return new Map(Object.entries(Object(outcome.json())));
    };
    await wb("create", "ui", "--name", "com.acme.ui", "--template", "ui");
    await wb("build", "ui");
    const packed = await wb("pack", "ui");
    const key = String(
      (await wb("keys", "generate", "--algorithm", "ed25519", "--subject", "CN=Uploads")).get("id"),
    );
    await wb("trust", "add", "--key", key);

    const serve = startCli(["serve", "--home", home, "--json", "--sign-uploads", key]);
    await serve.progress(new RegExp(`^Note: Uploads without a signature are signed with the key ${key}`));
    const { url, tenants } = readyLine.parse(JSON.parse(await serve.answer()));
    const headers = { "x-api-key": tenants[0]?.api_key ?? "", connection: "close" };
    const archive = readFileSync(join(cwd, "ui", "dist", "bundle.tar.zst"));
    const declared = { size: packed.get("size"), declaredHash: packed.get("content_hash") };
    const query = new URLSearchParams({
      filename: "ui.tar.zst",
      size: `${declared.size}`,
      declaredHash: `${declared.declaredHash}`,
    });
    const uploaded = await fetch(`${url}/api/ext-bundles/upload-proxy?${query}`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/octet-stream" },
      body: archive,
    });
    const { upload } = z.object({ upload: z.object({ key: z.string() }) }).parse(await uploaded.json());
    const manifestJson = readFileSync(join(cwd, "ui", "manifest.json"), "utf8");
    const finalized = await fetch(`${url}/api/ext-bundles/finalize`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify({ ...upload, ...declared, manifestJson }),
    });
    expect([finalized.status, await finalized.json()]).toMatchObject([
      200,
      { contentHash: declared.declaredHash },
    ]);
    const shown = z.object({ versions: z.array(z.object({ signer: z.object({ subject: z.string() }) })) });
    expect(shown.parse((await wb("show", "com.acme.ui")).get("extension")).versions).toEqual([
      { signer: { subject: "CN=Uploads" } },
    ]);
  });

  it("does not start with a key for uploads that is not there", async () => {
    const serve = startCli([
      "serve",
      "--home",
      join(tempFolder(), "home"),
      "--json",
      "--sign-uploads",
      "none",
    ]);
    expect(await serve.ended()).toEqual([1, null]);
    expect(JSON.parse(serve.stdout())).toMatchObject({ error: { code: "key_not_found" } });
  });
});
