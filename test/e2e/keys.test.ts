import { readFileSync } from "node:fs";
import type { Page } from "playwright-core";
import { expect, it } from "vitest";
import { uiBundle } from "../host/window-workbench.ts";
import { describePage } from "./page-suite.ts";

const PASSPHRASE = "correct horse battery";

describePage("keys and trust", (suite) => {
  const open = () => suite.open("Keys");

  async function generate(page: Page, subject: string): Promise<void> {
    await page.getByRole("button", { name: "Generate…" }).click();
    await page.getByLabel("Subject").fill(subject);
    await page
      .getByRole("form", { name: "Generate a key" })
      .getByRole("button", { name: "Generate key" })
      .click();
    await page.getByRole("table", { name: "Signing keys" }).getByText(subject).waitFor();
  }

  async function download(page: Page, act: () => Promise<void>): Promise<Buffer> {
    const [file] = await Promise.all([page.waitForEvent("download"), act()]);
    return readFileSync(await file.path());
  }

  it("generates a key, exports it under a passphrase, names what depends on it, deletes it and takes it back", async () => {
    const { page, complaints, received } = await open();
    await generate(page, "CN=Round Trip");
    await page.getByRole("button", { name: "Make active" }).click();
    await page.getByText("✓ active").first().waitFor();

    await page.getByRole("tab", { name: "Export" }).click();
    await page.getByLabel("Format").selectOption("pkcs12");
    await page.getByLabel("Passphrase that will protect the file").fill(PASSPHRASE);
    await page.getByLabel("The same again").fill(PASSPHRASE);
    const p12 = await download(page, () =>
      page.getByRole("button", { name: "Download", exact: true }).click(),
    );

    await page.getByRole("tab", { name: "Delete" }).click();
    await page.getByText("It is the active signing key.").waitFor();
    await page.getByLabel(/I no longer need/).check();
    await page.getByRole("button", { name: "Delete key for good" }).click();
    const table = page.getByRole("table", { name: "Signing keys" });
    await table.getByText("CN=Round Trip").waitFor({ state: "detached" });

    await page.getByRole("button", { name: "Import…" }).click();
    const form = page.getByRole("form", { name: "Import a key" });
    const importing = form.getByRole("button", { name: "Import key" });
    const choose = (name: string, buffer: Buffer) =>
      form.locator("input[type=file]").setInputFiles({ name, mimeType: "", buffer });
    const code = (text: string) => form.getByRole("alert").getByText(text, { exact: true }).waitFor();
    await choose("key.p12", p12);
    await importing.click();
    await code("passphrase_required");
    await form.getByLabel("Passphrase of the file").fill("wrong");
    await importing.click();
    await code("wrong_passphrase");
    await choose("half.p12", p12.subarray(0, 300));
    await importing.click();
    await code("corrupt_key_file");
    await choose("key.jks", Buffer.from("feedfeed0000000200000000", "hex"));
    await importing.click();
    await code("unsupported_key_format");
    await choose("key.p12", p12);
    await form.getByLabel("Passphrase of the file").fill(PASSPHRASE);
    await importing.click();
    await table.getByText("CN=Round Trip").waitFor();
    expect(complaints.filter((text) => !text.includes("422"))).toEqual([]);

    const all = received.join("\n");
    expect(all).toContain("CN=Round Trip");
    expect(all).not.toMatch(/BEGIN (RSA |EC )?PRIVATE KEY/);
    expect(all).not.toContain(PASSPHRASE);
  });

  it("signs a bundle file, refuses it while nobody trusts the key, and verifies it once trusted", async () => {
    const { page } = await open();
    await generate(page, "CN=Desk");
    const key = suite.host.workbench.keystore.list().find(({ subject }) => subject === "CN=Desk");
    const desk = page.getByRole("region", { name: "Sign and verify" });
    await desk
      .locator("input[type=file]")
      .setInputFiles({ name: "b.tar.zst", mimeType: "", buffer: Buffer.from(await uiBundle()) });
    await desk.getByLabel("Sign with").selectOption(key?.id ?? "");
    const signature = await download(page, () =>
      desk.getByRole("button", { name: "Sign and download SIGNATURE" }).click(),
    );
    expect(signature.toString()).toContain("-----BEGIN CMS-----");
    await desk.getByRole("button", { name: "Verify", exact: true }).click();
    await desk.getByText("✕ refused: untrusted_signer").waitFor();
    await desk.getByText("Trust the signer's certificate for this tenant").waitFor();
    await desk.getByText(/openssl cms -verify/).waitFor();

    await page.getByRole("button", { name: "Trust this certificate…" }).click();
    await page.getByRole("button", { name: "Trust", exact: true }).click();
    await page.getByRole("form", { name: "Stop trusting" }).waitFor();
    await desk.getByRole("button", { name: "Verify", exact: true }).click();
    await desk.getByText("✓ verified").waitFor();
    await expect
      .poll(() => desk.getByRole("table", { name: "Verification report" }).getByRole("row").count())
      .toBe(9);
  });
});
