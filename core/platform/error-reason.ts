/** Codes of Node, OpenSSL and the DNS look alike; whatever else stands there is not repeated. */
const CODE = /^[A-Z][A-Z0-9_]{1,63}$/;

/** Why a connection failed, such as `ECONNREFUSED` or `SELF_SIGNED_CERT_IN_CHAIN`: the first code on the way down. */
export function errorReason(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if (at.name === "TimeoutError") return "no answer in time";
    if ("code" in at && typeof at.code === "string" && CODE.test(at.code)) return at.code;
  }
  return "unknown";
}
