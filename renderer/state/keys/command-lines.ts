import type { KeyAlgorithm } from "../../../core/contract/key-algorithm.ts";
import { commandLine } from "../command-line.ts";

export interface GenerateInput {
  readonly kind: "self_signed" | "authority" | "issued" | "request";
  readonly algorithm: KeyAlgorithm;
  readonly subject: string;
  readonly days?: number;
  readonly issuer_key_id?: string;
}

/** Passphrases stand in no command line: other programs can read those. */
const PASSPHRASE = 'printf %s "$PASSPHRASE" | ';

export function generateCommand({ kind, algorithm, subject, days, issuer_key_id }: GenerateInput): string {
  return workbench(
    ...["keys", "generate", "--algorithm", algorithm, "--subject", subject],
    ...(days === undefined || kind === "request" ? [] : ["--days", String(days)]),
    ...(kind === "authority" ? ["--authority"] : []),
    ...(kind === "request" ? ["--csr"] : []),
    ...(kind === "issued" ? ["--ca", issuer_key_id ?? "ID"] : []),
  );
}

export function importCommand(fileName: string, options: { passphrase: boolean; subject: string }): string {
  const command = workbench(
    ...["keys", "import", fileName],
    ...(options.subject === "" ? [] : ["--subject", options.subject]),
    ...(options.passphrase ? ["--passphrase-stdin"] : []),
  );
  return options.passphrase ? `${PASSPHRASE}${command}` : command;
}

export function attachCommand(keyId: string, fileName: string): string {
  return workbench("keys", "import", fileName, "--certificate-for", keyId);
}

export function exportCommand(keyId: string, format: "certificate" | "pkcs8" | "pkcs12"): string {
  if (format === "certificate")
    return workbench("keys", "export", keyId, "--certificate", "-o", `${keyId}.pem`);
  const [option, file] = format === "pkcs8" ? ["--private", `${keyId}.key.pem`] : ["--p12", `${keyId}.p12`];
  return `${PASSPHRASE}${workbench("keys", "export", keyId, option, "-o", file, "--passphrase-stdin")}`;
}

export function csrCommand(keyId: string): string {
  return workbench("keys", "csr", keyId, "-o", `${keyId}.csr`);
}

export function deleteCommand(keyId: string): string {
  return workbench("keys", "delete", keyId);
}

export interface TrustAddInput {
  /** A PEM file, or a key of this workbench. */
  readonly fileName?: string;
  readonly keyId?: string;
  /** `null`: all tenants. */
  readonly tenants: readonly string[] | null;
  readonly note: string;
}

export function trustAddCommand({ fileName, keyId, tenants, note }: TrustAddInput): string {
  return workbench(
    ...["trust", "add"],
    ...(keyId === undefined ? [fileName ?? "FILE.pem"] : ["--key", keyId]),
    ...(tenants ?? []).flatMap((tenant) => ["--tenant", tenant]),
    ...(note === "" ? [] : ["--note", note]),
  );
}

export function trustRemoveCommand(trustId: string): string {
  return workbench("trust", "remove", trustId);
}

export interface RevokeInput {
  readonly by: "fingerprint" | "serial";
  readonly value: string;
  readonly at?: string;
  readonly reason?: string;
}

export function revokeCommand({ by, value, at, reason }: RevokeInput): string {
  return workbench(
    ...["trust", "revoke", `--${by}`, value === "" ? "HEX" : value],
    ...(at ? ["--at", at] : []),
    ...(reason ? ["--reason", reason] : []),
  );
}

export function signCommand(fileName: string, keyId: string): string {
  return workbench("sign", fileName, "--key", keyId);
}

export interface VerifyInput {
  readonly fileName: string;
  readonly signatureName?: string | undefined;
  readonly trustName?: string | undefined;
  readonly tenantId?: string | undefined;
  readonly at?: string | undefined;
}

export function verifyCommand({ fileName, signatureName, trustName, tenantId, at }: VerifyInput): string {
  const beside = `${fileName}.SIGNATURE`;
  return workbench(
    ...["verify", fileName],
    ...(signatureName === undefined || signatureName === beside ? [] : ["--signature", signatureName]),
    ...(trustName === undefined ? [] : ["--trust", trustName]),
    ...(tenantId === undefined ? [] : ["--tenant", tenantId]),
    ...(at === undefined ? [] : ["--at", at]),
  );
}

function workbench(...words: readonly string[]): string {
  return commandLine(["workbench", ...words]);
}
