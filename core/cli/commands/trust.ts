import { MIB } from "../../contract/limits.ts";
import { type RegisterCommand, withCommonOptions } from "../context.ts";
import { readFile, writeFile } from "../files.ts";
import { collect, parseTime } from "../options.ts";
import { UsageError } from "../terminal.ts";
import { table } from "../text.ts";

interface AddOptions {
  key?: string;
  tenant?: string[];
  note?: string;
}

interface RevokeOptions {
  fingerprint?: string;
  serial?: string;
  at?: Date;
  reason?: string;
}

export const registerTrust: RegisterCommand = (program, contextOf) => {
  const group = withCommonOptions(program.command("trust"))
    .description("whose signatures count, for which tenants, and what is revoked")
    .addHelpText("after", "\nExample:\n  workbench trust add --key my-key");

  const list = group
    .command("list")
    .description("list trust entries and revocations")
    .addHelpText("after", "\nExample:\n  workbench trust list");
  withCommonOptions(list).action(async () => {
    const context = contextOf(list);
    await context.withWorkbench(async ({ trust }) => {
      const entries = trust.list();
      const revocations = trust.revocations();
      context.answer.result({ entries, revocations }, () =>
        [
          table(
            ["id", "kind", "subject", "for", "source", "fingerprint", "note"],
            entries.map((entry) => [
              entry.id,
              entry.kind,
              entry.subject ?? "",
              entry.tenants === null ? "all tenants" : entry.tenants.join(" "),
              entry.source,
              entry.fingerprint_sha256.slice(0, 16),
              entry.note ?? "",
            ]),
          ),
          "",
          "Revoked",
          table(
            ["by", "value", "since", "reason"],
            revocations.map((item) => [item.by, item.value, item.revoked_at, item.reason ?? ""]),
          ),
        ].join("\n"),
      );
    });
  });

  const add = group
    .command("add")
    .description("trust the certificates and public keys of a PEM file, or the certificate of a signing key")
    .argument("[file]", "PEM file")
    .option("--key <id>", "the certificate of this signing key")
    .option("--tenant <id>", "only for this tenant (repeatable; default: all tenants)", collect)
    .option("--note <text>", "why it is trusted")
    .addHelpText(
      "after",
      "\nExamples:\n  workbench trust add acme-ca.pem --note 'Acme release CA'\n  workbench trust add --key my-key",
    );
  withCommonOptions(add).action(async (file: string | undefined, options: AddOptions) => {
    const context = contextOf(add);
    if ((file === undefined) === (options.key === undefined))
      throw new UsageError("Give either a PEM file or --key.");
    const text = file === undefined ? undefined : (await readFile(context.path(file), MIB)).toString("utf8");
    await context.withWorkbench(async (workbench) => {
      const tenants = options.tenant?.map((id) => workbench.tenantId(id)) ?? null;
      const pem = text ?? leafOf(workbench.keystore.exportCertificate(options.key ?? ""));
      const entries = workbench.trust.add({ pem, tenants, note: options.note });
      await workbench.trustChanged();
      context.answer.result({ entries }, () =>
        entries
          .map((entry) => `Trusted ${entry.subject ?? entry.kind}\n${entry.fingerprint_sha256}`)
          .join("\n"),
      );
    });
  });

  const remove = group
    .command("remove")
    .description("stop trusting an entry; versions that nothing else vouches for become invalid")
    .argument("<id>", "trust entry")
    .addHelpText("after", "\nExample:\n  workbench trust remove 7f0c…");
  withCommonOptions(remove).action(async (id: string) => {
    const context = contextOf(remove);
    await context.withWorkbench(async (workbench) => {
      workbench.trust.remove(id);
      await workbench.trustChanged();
      context.answer.result({ id, removed: true }, () => `No longer trusted: ${id}`);
    });
  });

  const revoke = group
    .command("revoke")
    .description("refuse a certificate, also one that chains to a trusted authority")
    .option("--fingerprint <sha256>", "SHA-256 fingerprint of the certificate")
    .option("--serial <hex>", "serial number of the certificate")
    .option("--at <time>", "revoked since this ISO 8601 time (default: now)", parseTime)
    .option("--reason <text>", "why")
    .addHelpText(
      "after",
      "\nExample:\n  workbench trust revoke --fingerprint 9f86d081… --reason 'laptop lost'",
    );
  withCommonOptions(revoke).action(async (options: RevokeOptions) => {
    const context = contextOf(revoke);
    if ((options.fingerprint === undefined) === (options.serial === undefined)) {
      throw new UsageError("Give either --fingerprint or --serial.");
    }
    await context.withWorkbench(async (workbench) => {
      const revocation = workbench.trust.revoke({
        fingerprint: options.fingerprint,
        serial: options.serial,
        at: options.at,
        reason: options.reason,
      });
      await workbench.trustChanged();
      context.answer.result(
        { revocation },
        () => `Revoked by ${revocation.by} since ${revocation.revoked_at}`,
      );
    });
  });

  const exporting = group
    .command("export")
    .description(
      "write every trusted certificate and key as one PEM bundle, for OpenSSL or SIGNING_TRUST_BUNDLE",
    )
    .option("-o, --output <file>", "file to write (default: standard output)")
    .addHelpText("after", "\nExample:\n  workbench trust export -o trust.pem");
  withCommonOptions(exporting).action(async (options: { output?: string }) => {
    const context = contextOf(exporting);
    await context.withWorkbench(async ({ trust }) => {
      const pem = trust.exportPem();
      if (options.output === undefined) {
        context.answer.result({ pem }, () => pem.trimEnd());
        return;
      }
      const path = context.path(options.output);
      await writeFile(path, pem);
      context.answer.result({ path }, () => `Wrote ${path}`);
    });
  });
};

/** The key's own certificate, without the authorities above it: trusting a key does not mean trusting its issuer. */
function leafOf(chainPem: string): string {
  const end = "-----END CERTIFICATE-----";
  const length = chainPem.indexOf(end);
  return length < 0 ? chainPem : `${chainPem.slice(0, length)}${end}\n`;
}
