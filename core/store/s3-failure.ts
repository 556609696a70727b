import { StoreError } from "./errors.ts";

/** What the server and the SDK call a refusal of who asks, whatever the status. */
const DENIED: ReadonlySet<string> = new Set([
  "AccessDenied",
  "CredentialsProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidAccessKeyId",
  "InvalidToken",
  "RequestTimeTooSkewed",
  "SignatureDoesNotMatch",
  "TokenProviderError",
]);
/** Names come from the server: only what looks like one is repeated. */
const NAME = /^[A-Za-z][A-Za-z0-9_.]{0,63}$/;

/** HTTP status of a failed request; `undefined` when there was no answer. */
export function statusOf(error: unknown): number | undefined {
  const metadata = field(error, "$metadata");
  const status = field(metadata, "httpStatusCode");
  return typeof status === "number" ? status : undefined;
}

/**
 * What S3 or the way to it said, as a store error. Its own message and cause are left out: they may hold a key id,
 * a token or a signed address.
 */
export function s3Failure(error: unknown, bucket: string): StoreError {
  if (error instanceof StoreError) return error;
  const status = statusOf(error);
  const reason = reasonOf(error);
  const details = { bucket, reason, ...(status === undefined ? {} : { status }) };
  if (status === 401 || status === 403 || DENIED.has(reason)) {
    return new StoreError({
      code: "store_denied",
      kind: "environment",
      message: `The bundle store refuses access to the bucket ${bucket} (${reason}).`,
      details,
      hint: "Check the AWS credentials; they need s3:GetObject, s3:PutObject and s3:ListBucket.",
    });
  }
  return new StoreError({
    code: "store_unreachable",
    kind: "environment",
    message: `The bundle store does not answer for the bucket ${bucket} (${reason}).`,
    details,
    hint: "Check BUNDLE_STORE, the endpoint, AWS_REGION and the network, for example with workbench doctor; bundles that are cached here go on.",
  });
}

/** The network's code such as `ECONNREFUSED`, else the server's or the SDK's name of the error. */
function reasonOf(error: unknown): string {
  const named = [field(error, "code"), field(error, "Code"), field(error, "name")];
  return named.find((name): name is string => typeof name === "string" && NAME.test(name)) ?? "unknown";
}

function field(value: unknown, name: string): unknown {
  // An object's properties may be looked up by any name; what is found stays unknown.
  return typeof value === "object" && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
