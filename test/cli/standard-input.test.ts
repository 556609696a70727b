import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { beforeAll, describe, expect, it } from "vitest";
import { run } from "../../core/cli/run.ts";
import { workbench } from "../support/command-line.ts";
import { suiteFolder } from "../support/temp.ts";

const PASSPHRASE = "pässword of the suite";
const folder = suiteFolder();
const home = join(folder, "home");
let keyId = "";

async function wb(args: string, stdin?: string, at = home) {
  const outcome = await workbench([...args.split(" "), "--json"], {
    cwd: folder,
    home: at,
    ...(stdin === undefined ? {} : { stdin }),
  });
  return { code: outcome.code, answer: outcome.json(), all: outcome.stdout + outcome.stderr };
}

const failed = (exit: number, code: string) => ({ code: exit, answer: { error: { code } } });

beforeAll(async () => {
  const made = await wb("keys generate --algorithm ecdsa-p256 --subject CN=Stdin");
  keyId = String(Reflect.get(Object(made.answer), "id"));
});

describe("a passphrase", () => {
  it("is read from standard input, without its line end, and OpenSSL opens with it what was exported", async () => {
    const exported = await wb(
      `keys export ${keyId} --p12 -o key.p12 --passphrase-stdin`,
      `${PASSPHRASE}\r\n`,
    );
    expect(exported).toMatchObject({ code: 0, answer: { path: join(folder, "key.p12"), format: "p12" } });
    expect(exported.all).not.toContain(PASSPHRASE);
    const pem = execFileSync("openssl", ["pkcs12", "-in", "key.p12", "-passin", "stdin", "-nodes"], {
      cwd: folder,
      input: `${PASSPHRASE}\n`,
      stdio: ["pipe", "pipe", "ignore"],
    });
    expect(pem.toString()).toContain("PRIVATE KEY");
    if (process.platform !== "win32") expect(statSync(join(folder, "key.p12")).mode & 0o777).toBe(0o600);
  });

  it("opens the same file in another data folder, and a wrong or missing one is told apart", async () => {
    const other = join(folder, "other");
    const file = "keys import key.p12";
    expect(await wb(file, undefined, other)).toMatchObject(failed(1, "passphrase_required"));
    expect(await wb(`${file} --passphrase-stdin`, "another one", other)).toMatchObject(
      failed(1, "wrong_passphrase"),
    );
    expect(await wb(`${file} --passphrase-stdin`, PASSPHRASE, other)).toMatchObject({
      code: 0,
      answer: { algorithm: "ecdsa-p256", subject: "CN=Stdin" },
    });
  });

  it("must be there before a private key leaves", async () => {
    const line = `keys export ${keyId} --private -o key.pem`;
    expect(await wb(line)).toMatchObject(failed(2, "usage"));
    expect(await wb(`${line} --passphrase-stdin`, "")).toMatchObject(failed(1, "passphrase_required"));
    expect(await wb(`${line} --passphrase-stdin`, "short")).toMatchObject(failed(1, "passphrase_too_short"));
    expect(existsSync(join(folder, "key.pem"))).toBe(false);
  });

  it("is not waited for at a terminal", async () => {
    const stderr = new PassThrough();
    const code = await run(
      ["keys", "export", keyId, "--private", "-o", "x", "--passphrase-stdin", "--home", home],
      {
        stdin: Object.assign(new PassThrough(), { isTTY: true }),
        stdout: new PassThrough(),
        stderr,
        cwd: folder,
        env: {},
        platform: process.platform,
        interrupted: new AbortController().signal,
      },
    );
    expect(code).toBe(2);
    expect(String(stderr.read())).toContain("Nothing was piped");
  });
});

describe("files that a command writes", () => {
  it("are new when they hold a private key", async () => {
    writeFileSync(join(folder, "there.pem"), "mine");
    const line = `keys export ${keyId} --private -o there.pem --passphrase-stdin`;
    expect(await wb(line, PASSPHRASE)).toMatchObject(failed(1, "file_exists"));
    expect(readFileSync(join(folder, "there.pem"), "utf8")).toBe("mine");
  });

  it.each(["keys export KEY --certificate -o", "keys csr KEY -o", "trust export -o"])(
    "need a folder that is there: %s",
    async (line) => {
      const outcome = await wb(`${line.replace("KEY", keyId)} ${join("no", "folder", "file")}`);
      expect(outcome).toMatchObject(failed(1, "file_unwritable"));
    },
  );
});

describe("a secret from standard input", () => {
  it("is one at most", async () => {
    expect(await wb("install com.acme.none --secret a=- --secret b=-", "s")).toMatchObject(
      failed(2, "usage"),
    );
  });
});

describe("a tenant that a command names", () => {
  it("must exist, or trust would be given to nobody", async () => {
    writeFileSync(join(folder, "bundle"), "no bundle");
    expect(await wb(`trust add --key ${keyId} --tenant nobody`)).toMatchObject(failed(1, "tenant_not_found"));
    expect(await wb("verify bundle --tenant nobody")).toMatchObject(failed(1, "tenant_not_found"));
  });
});

describe("a certificate request", () => {
  it("comes with the id of the key that waits for it, beside the request", async () => {
    const args = ["keys", "generate", "--algorithm", "ed25519", "--subject", "CN=Request", "--csr"];
    const outcome = await workbench(args, { cwd: folder, home });
    expect(outcome.stdout).toMatch(
      /^-----BEGIN CERTIFICATE REQUEST-----\n[\w+/=\n]*-----END CERTIFICATE REQUEST-----\n$/,
    );
    expect(outcome.stderr).toMatch(/^The key request-\w+ awaits its certificate\.\n$/);
  });
});
