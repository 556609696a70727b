import { expect, it } from "vitest";
import { uiBundle } from "../host/window-workbench.ts";
import { describePage } from "./page-suite.ts";

const SECRET = "s3cret-value-that-never-returns";

describePage("the registry", (suite) => {
  const open = () => suite.open("Registry");

  it("publishes, refuses, consents, installs, keeps a secret to itself and uninstalls", async () => {
    const { page, complaints } = await open();
    await page.getByRole("button", { name: "Publish…" }).click();
    const form = page.getByRole("form", { name: "Publish a bundle" });
    const buffer = Buffer.from(await uiBundle());
    await form.locator("input[type=file]").setInputFiles({ name: "board.tar.zst", mimeType: "", buffer });
    await form.getByRole("button", { name: "Verify and publish" }).click();
    await page.getByText("signature_missing", { exact: true }).first().waitFor();
    await page.getByRole("table", { name: "Verification report" }).waitFor();

    await form
      .getByLabel("Signature")
      .selectOption({ label: `sign with ${suite.host.developmentKey.id} (active)` });
    await form.getByRole("button", { name: "Sign and publish" }).click();
    await page.getByRole("button", { name: "Show it, to install it" }).click();
    await page.getByRole("table", { name: "Versions" }).getByText("✓ valid").waitFor();

    await page.getByRole("tab", { name: /^Bundle/ }).click();
    await page.getByText("left-pad").waitFor();
    await page.getByText("index.html").waitFor();
    await page.getByText("✓ verified").waitFor();

    await page.getByRole("tab", { name: "Install", exact: true }).click();
    const consent = page.getByRole("group", { name: /asks to/ });
    await consent.getByLabel(/Send requests to the hosts/).uncheck();
    await page.getByLabel("Key", { exact: true }).fill("token");
    await page.getByLabel("Value", { exact: true }).fill(SECRET);
    await page.getByRole("button", { name: "Add secret" }).click();
    await page.getByRole("button", { name: "Grant and install" }).click();
    await page.getByText("✓ enabled").first().waitFor();
    const install = suite.host.workbench.registry
      .listInstalls()
      .find(({ extension_name }) => extension_name === "com.acme.board");
    expect(install?.granted_capabilities).toContain("cap:secrets.get");
    expect(install?.granted_capabilities).not.toContain("cap:http.fetch");

    await page.getByRole("tab", { name: "Secrets" }).click();
    await page.getByText("stored, never shown").waitFor();
    expect(await page.content()).not.toContain(SECRET);

    await page.getByRole("tab", { name: "Egress" }).click();
    const egress = page.getByRole("region", { name: "Refused egress" });
    await egress.getByText("Nothing was refused.").waitFor();
    const { refusedEgress, registry } = suite.host.workbench;
    const installId = install?.install_id ?? "";
    refusedEgress.add({ installId, executionId: "e1" }, [
      { host: "api.example.com", port: 443, rule: "host", count: 3 },
      { host: "169.254.169.254", port: 80, rule: "address", count: 1 },
    ]);
    await page.getByRole("tab", { name: "Secrets" }).click();
    await page.getByRole("tab", { name: "Egress" }).click();
    await egress.getByRole("row", { name: /api\.example\.com 443 host is on no list host 3/ }).waitFor();
    await egress.getByRole("button", { name: "Put api.example.com on the list" }).click();
    await page.getByRole("button", { name: "Save egress list" }).click();
    await egress.getByRole("button", { name: "Put 169.254.169.254:80 on the list" }).waitFor();
    const saved = () => registry.listInstalls().find(({ install_id }) => install_id === installId);
    await expect.poll(() => saved()?.egress_allowlist).toEqual(["api.example.com"]);
    await egress.getByRole("button", { name: "Forget them" }).click();
    await egress.getByText("Nothing was refused.").waitFor();
    expect(refusedEgress.list(installId)).toEqual([]);

    await page.getByRole("button", { name: "Disable" }).click();
    await page.getByText("– disabled").first().waitFor();
    await page.getByRole("tab", { name: "Uninstall" }).click();
    await page.getByText("With the install go for good: 1 secret.").waitFor();
    await page.getByLabel(/^Uninstall com.acme.board/).check();
    await page.getByRole("button", { name: "Uninstall", exact: true }).click();
    await page.getByRole("button", { name: "Grant and install" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("shows an invalid version with its report and how to mend it", async () => {
    const { workbench } = suite.host;
    const key = await workbench.keystore.generate({ algorithm: "ecdsa-p256", subject: "CN=Gone" });
    const entries = workbench.trust.add({ pem: key.certificate_chain_pem });
    const archive = await uiBundle({ name: "com.acme.gone" });
    const { signature } = await workbench.sign(archive, key.id);
    await workbench.registry.publish({ archive, signature, tenantId: workbench.tenantId(undefined) });
    for (const { id } of entries) workbench.trust.remove(id);
    await workbench.trustChanged();

    const { page } = await open();
    await page.getByRole("button", { name: /com\.acme\.gone/ }).click();
    await page.getByText("✕ untrusted_signer").waitFor();
    await page.getByRole("button", { name: "Open the bundle of 1.0.0" }).click();
    await page.getByText("✕ refused: untrusted_signer").waitFor();
    await page.getByText("Trust the signer's certificate for this tenant").waitFor();
  });
});
