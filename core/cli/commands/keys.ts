import { Option } from "commander";
import { KEY_ALGORITHMS, type KeyAlgorithm } from "../../contract/key-algorithm.ts";
import { MIB } from "../../contract/limits.ts";
import type { KeyRecord } from "../../signing/index.ts";
import { type CommandContext, type RegisterCommand, withCommonOptions } from "../context.ts";
import { readFile, writeFile } from "../files.ts";
import { parsePositive } from "../options.ts";
import { readStdinLine, UsageError } from "../terminal.ts";
import { table } from "../text.ts";

const MAX_KEY_FILE_BYTES = 1 * MIB;
/** Readable by its owner alone: also an encrypted key is nobody else's business. */
const PRIVATE_FILE_MODE = 0o600;

interface GenerateOptions {
  algorithm: KeyAlgorithm;
  subject: string;
  days?: number;
  ca?: string;
  csr?: boolean;
  authority?: boolean;
}

interface ExportOptions {
  certificate?: boolean;
  private?: boolean;
  p12?: boolean;
  output: string;
  passphraseStdin?: boolean;
}

export const registerKeys: RegisterCommand = (program, contextOf) => {
  const group = withCommonOptions(program.command("keys"))
    .description("signing keys: make, import, export, request certificates")
    .addHelpText(
      "after",
      '\nExample:\n  workbench keys generate --algorithm ecdsa-p256 --subject "CN=Acme Development, O=Acme"',
    );

  const list = group
    .command("list")
    .description("list signing keys")
    .addHelpText("after", "\nExample:\n  workbench keys list");
  withCommonOptions(list).action(async () => {
    const context = contextOf(list);
    await context.withWorkbench(async ({ keystore }) => {
      const keys = keystore.list();
      context.answer.result({ keys: keys.map(keyDocument) }, () =>
        table(
          ["id", "algorithm", "subject", "kind", "valid until", "fingerprint"],
          keys.map((key) => [
            key.id,
            key.algorithm,
            key.subject,
            key.is_ca ? "authority" : key.has_certificate ? "signing" : "awaits certificate",
            key.not_after ?? "",
            key.fingerprint_sha256?.slice(0, 16) ?? "",
          ]),
        ),
      );
    });
  });

  const generate = group
    .command("generate")
    .description(
      "make a key with a self-signed certificate, one issued by a local authority, or a certificate request",
    )
    .addOption(
      new Option("--algorithm <algorithm>", "kind of key").choices(KEY_ALGORITHMS).makeOptionMandatory(),
    )
    .requiredOption("--subject <dn>", 'distinguished name, such as "CN=Acme Development, O=Acme"')
    .option("--days <n>", "validity of the certificate", parsePositive)
    .addOption(
      new Option("--ca <id>", "issue the certificate with this local authority").conflicts([
        "csr",
        "authority",
      ]),
    )
    .addOption(new Option("--csr", "make no certificate; print a request for one").conflicts("authority"))
    .option("--authority", "make a local authority, which issues certificates and signs no bundles")
    .addHelpText(
      "after",
      '\nExamples:\n  workbench keys generate --algorithm ecdsa-p256 --subject "CN=Acme Development, O=Acme"\n  workbench keys generate --algorithm rsa-3072 --subject "CN=Acme CA" --authority',
    );
  withCommonOptions(generate).action(async (options: GenerateOptions) => {
    const context = contextOf(generate);
    await context.withWorkbench(async ({ keystore }) => {
      const { algorithm, subject } = options;
      if (options.csr) {
        const { key, csr } = await keystore.createRequest({ algorithm, subject });
        context.answer.progress(`The key ${key.id} awaits its certificate.`);
        context.answer.result({ ...keyDocument(key), csr }, () => csr.trimEnd());
        return;
      }
      const key = await keystore.generate({
        algorithm,
        subject,
        days: options.days,
        issuerKeyId: options.ca,
        isCa: options.authority,
      });
      context.answer.result(keyDocument(key), () => keyText(key));
    });
  });

  const importing = group
    .command("import")
    .description(
      "take in a key from PEM, PKCS#8 or PKCS#12, or the certificate that was issued for a request",
    )
    .argument("<file>", "key file")
    .option("--passphrase-stdin", "read the file's passphrase from standard input")
    .option("--subject <dn>", "make a self-signed certificate when the file brings none")
    .option("--certificate-for <id>", "the file holds the certificate issued for this key's request")
    .addHelpText(
      "after",
      '\nExample:\n  printf %s "$PASSPHRASE" | workbench keys import acme.p12 --passphrase-stdin',
    );
  withCommonOptions(importing).action(
    async (
      file: string,
      options: { passphraseStdin?: boolean; subject?: string; certificateFor?: string },
    ) => {
      const context = contextOf(importing);
      const bytes = await readFile(context.path(file), MAX_KEY_FILE_BYTES);
      const passphrase = options.passphraseStdin ? await readStdinLine(context.terminal) : undefined;
      await context.withWorkbench(async ({ keystore }) => {
        const key = options.certificateFor
          ? keystore.attachCertificate(options.certificateFor, bytes.toString("utf8"))
          : await keystore.importFile({ bytes, passphrase, subject: options.subject });
        context.answer.result(keyDocument(key), () => keyText(key));
      });
    },
  );

  const exporting = group
    .command("export")
    .description("write a key's certificate, or the key itself under a passphrase")
    .argument("<id>", "signing key")
    .option("--certificate", "certificate chain (PEM)")
    .option("--private", "private key as encrypted PKCS#8 (PEM)")
    .option("--p12", "key and certificates as PKCS#12")
    .requiredOption("-o, --output <file>", "file to write; must not exist when it holds a private key")
    .option("--passphrase-stdin", "read the passphrase that will protect the key from standard input")
    .addHelpText(
      "after",
      '\nExamples:\n  workbench keys export my-key --certificate -o acme.pem\n  printf %s "$PASSPHRASE" | workbench keys export my-key --p12 -o acme.p12 --passphrase-stdin',
    );
  withCommonOptions(exporting).action(async (id: string, options: ExportOptions) => {
    const context = contextOf(exporting);
    const format = formatOf(options);
    const path = context.path(options.output);
    const passphrase = await exportPassphrase(context, format, options);
    await context.withWorkbench(async ({ keystore }) => {
      if (format === "certificate") await writeFile(path, keystore.exportCertificate(id));
      else {
        const content =
          format === "private"
            ? await keystore.exportPrivateKey(id, passphrase)
            : await keystore.exportPkcs12(id, passphrase);
        await writeFile(path, content, PRIVATE_FILE_MODE);
      }
      context.answer.result({ path, format }, () => `Wrote ${path}`);
    });
  });

  const csr = group
    .command("csr")
    .description("print a certificate request (PKCS#10) for a key")
    .argument("<id>", "signing key")
    .option("--subject <dn>", "distinguished name (default: the key's own)")
    .option("-o, --output <file>", "write it to a file")
    .addHelpText("after", "\nExample:\n  workbench keys csr my-key -o my-key.csr");
  withCommonOptions(csr).action(async (id: string, options: { subject?: string; output?: string }) => {
    const context = contextOf(csr);
    await context.withWorkbench(async ({ keystore }) => {
      const pem = await keystore.csr(id, options.subject);
      if (options.output) await writeFile(context.path(options.output), pem);
      context.answer.result({ id, csr: pem }, () =>
        options.output ? `Wrote ${options.output}` : pem.trimEnd(),
      );
    });
  });

  const activating = group
    .command("activate")
    .description("choose the key that the window and `workbench dev` sign with")
    .argument("<id>", "signing key")
    .addHelpText("after", "\nExample:\n  workbench keys activate my-key");
  withCommonOptions(activating).action(async (id: string) => {
    const context = contextOf(activating);
    const { activateKey } = await import("../../wiring/active-key.ts");
    await context.withWorkbench(async (workbench) => {
      activateKey(workbench, id);
      context.answer.result({ id, active: true }, () => `${id} signs from now on`);
    });
  });

  const deleting = group
    .command("delete")
    .description("delete a key for good; what it signed stays verifiable")
    .argument("<id>", "signing key")
    .addHelpText("after", "\nExample:\n  workbench keys delete my-key");
  withCommonOptions(deleting).action(async (id: string) => {
    const context = contextOf(deleting);
    await context.withWorkbench(async ({ keystore }) => {
      keystore.delete(id);
      context.answer.result({ id, deleted: true }, () => `Deleted ${id}`);
    });
  });
};

function keyDocument(key: KeyRecord) {
  const { certificate_chain_pem: _chain, public_key_pem: _publicKey, ...document } = key;
  return document;
}

function keyText(key: KeyRecord): string {
  return [
    `id           ${key.id}`,
    `algorithm    ${key.algorithm}`,
    `subject      ${key.subject}`,
    `fingerprint  ${key.fingerprint_sha256 ?? "none: the key awaits its certificate"}`,
    `valid until  ${key.not_after ?? "—"}`,
    ...(key.is_ca || !key.has_certificate
      ? []
      : ["", `Not trusted yet: workbench trust add --key ${key.id}`]),
  ].join("\n");
}

type ExportFormat = "certificate" | "private" | "p12";

function formatOf(options: ExportOptions): ExportFormat {
  const chosen = (["certificate", "private", "p12"] as const).filter((format) => options[format]);
  const [format] = chosen;
  if (format === undefined || chosen.length > 1) {
    throw new UsageError("Choose one of --certificate, --private and --p12.");
  }
  return format;
}

async function exportPassphrase(
  context: CommandContext,
  format: ExportFormat,
  options: ExportOptions,
): Promise<string> {
  if (format === "certificate") return "";
  if (!options.passphraseStdin) {
    throw new UsageError(
      "A private key leaves the workbench only under a passphrase.",
      'Pipe one in: printf %s "$PASSPHRASE" | workbench keys export … --passphrase-stdin',
    );
  }
  return readStdinLine(context.terminal);
}
