/** Per value, so that a million empty strings count too. */
const VALUE_OVERHEAD_BYTES = 16;

/**
 * Bytes that a value out of a component takes on its way to the main thread, roughly; counting stops once it is
 * over the limit. Values are plain: strings, numbers, lists, those of numbers as typed arrays, and records.
 */
export function payloadSize(value: unknown, limit: number): number {
  if (typeof value === "string") return VALUE_OVERHEAD_BYTES + 2 * value.length;
  if (ArrayBuffer.isView(value)) return VALUE_OVERHEAD_BYTES + value.byteLength;
  if (typeof value !== "object" || value === null) return VALUE_OVERHEAD_BYTES;
  let size = VALUE_OVERHEAD_BYTES;
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    size += payloadSize(item, limit - size);
    if (size > limit) return size;
  }
  return size;
}
