import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { PreparedComponent, PreparedModule } from "../component/index.ts";
import { type ComponentHash, componentHashSchema } from "./prepared-name.ts";

/** Everything but the bytes, which follow in this order: the glue, then each module. */
interface Header extends Pick<PreparedComponent, "imports" | "exports"> {
  readonly sourceBytes: number;
  readonly modules: readonly (Omit<PreparedModule, "bytes"> & { readonly byteLength: number })[];
}

/** Which component a bundle has; one without a component is remembered as that. */
export interface BundleReference {
  readonly component?: ComponentHash | undefined;
}

const referenceSchema = z.object({ component: componentHashSchema.optional() });

const TAG_BYTES = 32;
const LENGTH_BYTES = 4;

/**
 * One file: a tag over all that follows and over the name under which it is kept, the header's length, the header
 * as JSON, and the bytes. The tag needs a key that neither a guest nor a bundle ever meets.
 */
export function encodeComponent(component: PreparedComponent, name: string, key: Uint8Array): Uint8Array[] {
  const source = Buffer.from(component.source);
  const header: Header = {
    sourceBytes: source.byteLength,
    imports: component.imports,
    exports: component.exports,
    modules: component.modules.map(({ bytes, ...facts }) => ({ ...facts, byteLength: bytes.byteLength })),
  };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(text.byteLength);
  return sealed([length, text, source, ...component.modules.map(({ bytes }) => bytes)], name, key);
}

/** Nothing when the file is not what was written under this name with this key. */
export function decodeComponent(
  file: Uint8Array<ArrayBuffer>,
  name: string,
  key: Uint8Array,
): PreparedComponent | undefined {
  const content = opened(file, name, key);
  if (content === undefined) return undefined;
  const view = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  let at = LENGTH_BYTES + view.readUInt32LE();
  // Our own words, as the tag has just shown.
  const { sourceBytes, modules, ...names } = JSON.parse(view.toString("utf8", LENGTH_BYTES, at)) as Header;
  const take = (length: number) => {
    at += length;
    return content.subarray(at - length, at);
  };
  return {
    ...names,
    source: Buffer.from(take(sourceBytes)).toString(),
    modules: modules.map(({ byteLength, ...facts }) => ({ ...facts, bytes: take(byteLength) })),
  };
}

/** A tag like a component's, then JSON. */
export function encodeReference(reference: BundleReference, name: string, key: Uint8Array): Uint8Array[] {
  return sealed([Buffer.from(JSON.stringify(reference))], name, key);
}

/** Nothing when the file is not what was written under this name with this key. */
export function decodeReference(
  file: Uint8Array<ArrayBuffer>,
  name: string,
  key: Uint8Array,
): BundleReference | undefined {
  const content = opened(file, name, key);
  return content && referenceSchema.parse(JSON.parse(Buffer.from(content).toString()));
}

function sealed(content: readonly Uint8Array[], name: string, key: Uint8Array): Uint8Array[] {
  return [tagOf(content, name, key), ...content];
}

function opened(
  file: Uint8Array<ArrayBuffer>,
  name: string,
  key: Uint8Array,
): Uint8Array<ArrayBuffer> | undefined {
  if (file.byteLength < TAG_BYTES) return undefined;
  const content = new Uint8Array(file.buffer, file.byteOffset + TAG_BYTES, file.byteLength - TAG_BYTES);
  return timingSafeEqual(tagOf([content], name, key), file.subarray(0, TAG_BYTES)) ? content : undefined;
}

function tagOf(parts: readonly Uint8Array[], name: string, key: Uint8Array): Buffer {
  const tag = createHmac("sha256", key).update(`${name}\n`);
  for (const part of parts) tag.update(part);
  return tag.digest();
}
