import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { createFileKeyBox } from "../../core/platform/file-key-box.ts";
import { createPassphraseBox } from "../../core/platform/passphrase-box.ts";
import type { SecretBox } from "../../core/platform/secret-box.ts";
import { SecretBoxError } from "../../core/platform/secret-box-error.ts";
import { tempFolder } from "../support/temp.ts";

const SECRET = Buffer.from("the plaintext of a secret");
const onPosix = process.platform !== "win32";

function code(attempt: () => unknown): string | undefined {
  try {
    attempt();
  } catch (error) {
    if (error instanceof SecretBoxError) {
      expect(`${error.message} ${error.stack}`).not.toContain(SECRET.toString());
      return error.code;
    }
    throw error;
  }
  return undefined;
}

describe.each<[string, (folder: string) => SecretBox]>([
  ["the file-key box", (folder) => createFileKeyBox(join(folder, "home", "box.key"))],
  ["the passphrase box", (folder) => createPassphraseBox("correct horse", join(folder, "home", "box.salt"))],
])("%s", (_name, create) => {
  it("opens what it sealed, in this life and the next, and never seals alike twice", () => {
    const folder = tempFolder();
    const box = create(folder);
    const sealed = box.seal(SECRET, "purpose");
    expect(Buffer.from(sealed).includes(SECRET)).toBe(false);
    expect(Buffer.from(box.open(sealed, "purpose"))).toEqual(SECRET);
    expect(Buffer.from(create(folder).open(sealed, "purpose"))).toEqual(SECRET);
    expect(box.seal(SECRET, "purpose")).not.toEqual(sealed);
    expect(box.open(box.seal(Buffer.alloc(0), ""), "")).toHaveLength(0);
  });

  it("refuses another purpose, every changed byte, every cut, and what another box sealed", () => {
    const box = create(tempFolder());
    const sealed = Buffer.from(box.seal(SECRET, "purpose"));
    expect(code(() => box.open(sealed, "another"))).toBe("box_corrupt");
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      const isKeyId = at >= 1 && at <= 8;
      expect(
        code(() => box.open(changed, "purpose")),
        `byte ${at}`,
      ).toBe(isKeyId ? "box_sealed_elsewhere" : "box_corrupt");
      expect(
        code(() => box.open(sealed.subarray(0, at), "purpose")),
        `cut at ${at}`,
      ).toBe("box_corrupt");
    }
    expect(code(() => create(tempFolder()).open(sealed, "purpose"))).toBe("box_sealed_elsewhere");
  });

  it.skipIf(!onPosix)(
    "keeps its file to its owner, and refuses one that others may read (POSIX only)",
    () => {
      const folder = tempFolder();
      create(folder);
      const [file] = readdirSync(join(folder, "home"));
      const path = join(folder, "home", file ?? "");
      expect(readdirSync(join(folder, "home"))).toHaveLength(1);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      chmodSync(path, 0o640);
      expect(code(() => create(folder))).toBe("box_key_exposed");
    },
  );

  it("refuses a file that is not whole, and does not write over it", () => {
    const folder = tempFolder();
    create(folder);
    const [file] = readdirSync(join(folder, "home"));
    const path = join(folder, "home", file ?? "");
    writeFileSync(path, "short");
    expect(code(() => create(folder))).toBe("box_key_corrupt");
    expect(readFileSync(path, "utf8")).toBe("short");
  });
});

describe("the file-key box", () => {
  it("says so when its file can neither be read nor made", () => {
    const folder = tempFolder();
    writeFileSync(join(folder, "file"), "in the way");
    expect(code(() => createFileKeyBox(join(folder, "file", "box.key")))).toBe("box_key_unusable");
  });

  it("is one and the same for processes that make it at the same moment", async () => {
    const folder = tempFolder();
    const path = join(folder, "box.key");
    const module = pathToFileURL(join(import.meta.dirname, "../../core/platform/file-key-box.ts")).href;
    const script = `const { createFileKeyBox } = await import(${JSON.stringify(module)});
      const box = createFileKeyBox(${JSON.stringify(path)});
      process.stdout.write(Buffer.from(box.seal(Buffer.from("x"), "race")).toString("base64"));`;
    const sealed = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
          stdio: ["ignore", "pipe", "inherit"],
        });
        const [output] = await Promise.all([text(child.stdout), once(child, "close")]);
        return Buffer.from(output, "base64");
      }),
    );
    const box = createFileKeyBox(path);
    for (const one of sealed) expect(Buffer.from(box.open(one, "race")).toString()).toBe("x");
    expect(readdirSync(folder)).toEqual(["box.key"]);
  });
});

describe("the passphrase box", () => {
  it("tells a wrong passphrase from damage, and leaves its file alone", () => {
    const file = join(tempFolder(), "box.salt");
    createPassphraseBox("correct horse", file);
    const before = readFileSync(file);
    expect(code(() => createPassphraseBox("wrong horse", file))).toBe("box_wrong_passphrase");
    expect(readFileSync(file)).toEqual(before);
    expect(existsSync(file)).toBe(true);
  });

  it("opens for one passphrase however the keyboard composes its letters", () => {
    const file = join(tempFolder(), "box.salt");
    const sealed = createPassphraseBox("gr\u00f6\u00dfe", file).seal(SECRET, "p");
    expect(Buffer.from(createPassphraseBox("gro\u0308\u00dfe", file).open(sealed, "p"))).toEqual(SECRET);
  });
});
