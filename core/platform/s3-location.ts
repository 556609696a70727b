/** Where bundles lie in S3 or in what speaks like it. Never holds credentials. */
export interface S3Location {
  readonly bucket: string;
  /** Before every key, without slashes at its ends; may be empty. */
  readonly prefix: string;
  /** Origin of an S3-compatible server; absent: Amazon's own for the region. */
  readonly endpoint?: string;
  readonly region?: string;
}

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Characters that a key carries unescaped through every server. */
const PREFIX = /^[A-Za-z0-9!_.*'()/-]{0,512}$/;
const PARAMETERS: ReadonlySet<string> = new Set(["endpoint", "region"]);
const REGION = /^[a-z0-9-]{1,64}$/;

/**
 * Reads `s3://bucket/prefix?endpoint=https://…&region=…`. The answer is a location, or the sentence that says
 * what was expected; it never repeats what was given, which may be credentials in a wrong place.
 */
export function parseS3Location(text: string): S3Location | string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== "s3:" || url.hash !== "") return "expected s3://bucket/prefix";
  if (url.username !== "" || url.password !== "" || url.port !== "")
    return "expected s3://bucket/prefix without credentials; the AWS variables give those";
  const prefix = url.pathname.replace(/^\/+|\/+$/g, "");
  if (!BUCKET.test(url.hostname)) return "expected a bucket's name of 3 to 63 characters after s3://";
  if (!PREFIX.test(prefix) || prefix.split("/").some((part) => part === "." || part === ".."))
    return "expected a prefix of letters, digits and !_.*'()/-";
  const given = [...url.searchParams.keys()];
  if (given.some((name) => !PARAMETERS.has(name)) || new Set(given).size !== given.length)
    return "expected no parameters but one endpoint and one region";
  const endpoint = url.searchParams.get("endpoint");
  const region = url.searchParams.get("region");
  if (endpoint !== null && !isOrigin(endpoint)) return "expected endpoint to be an http or https origin";
  if (region !== null && !REGION.test(region)) return "expected region to be a region's name";
  return {
    bucket: url.hostname,
    prefix,
    ...(endpoint === null ? {} : { endpoint }),
    ...(region === null ? {} : { region }),
  };
}

interface S3Variables {
  readonly BUNDLE_STORE?: string | undefined;
  readonly AWS_ENDPOINT_URL?: string | undefined;
  readonly AWS_ENDPOINT_URL_S3?: string | undefined;
  readonly AWS_REGION?: string | undefined;
  readonly AWS_DEFAULT_REGION?: string | undefined;
}

/** The bucket that `BUNDLE_STORE` names, with what the AWS variables add; `undefined` when it names none. */
export function s3LocationOf(variables: S3Variables): S3Location | undefined {
  const location = parseS3Location(variables.BUNDLE_STORE ?? "");
  if (typeof location === "string") return undefined;
  const endpoint = location.endpoint ?? variables.AWS_ENDPOINT_URL_S3 ?? variables.AWS_ENDPOINT_URL;
  const region = location.region ?? variables.AWS_REGION ?? variables.AWS_DEFAULT_REGION;
  return {
    bucket: location.bucket,
    prefix: location.prefix,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
  };
}

/** An http or https address without credentials, query or fragment. */
function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return (
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    `${url.username}${url.password}${url.search}${url.hash}` === ""
  );
}
