/** Up to 128 letters, digits and `-_.:~`: safe in a header, a log line, a file name's part and a query. */
const REQUEST_ID = /^[A-Za-z0-9._:~-]{1,128}$/;

/** The caller's request id when there is exactly one and it is well-formed. */
export function callersRequestId(values: readonly string[]): string | undefined {
  const [only, ...others] = new Set(values);
  return only !== undefined && others.length === 0 && REQUEST_ID.test(only) ? only : undefined;
}
