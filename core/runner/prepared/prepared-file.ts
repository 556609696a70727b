import { createHmac, timingSafeEqual } from "node:crypto";
import type { PreparedComponent, PreparedModule } from "../component/index.ts";

/** What a bundle's component came to; a bundle without one is remembered as that. */
export interface PreparedBundle {
  readonly component: PreparedComponent | undefined;
}

/** Everything but the bytes, which follow in this order: the glue, then each module. */
interface Header {
  readonly component?: Pick<PreparedComponent, "imports" | "exports"> & {
    readonly sourceBytes: number;
    readonly modules: readonly (Omit<PreparedModule, "bytes"> & { readonly byteLength: number })[];
  };
}

const TAG_BYTES = 32;
const LENGTH_BYTES = 4;

/**
 * One file: a tag over all that follows and over the name under which it is kept, the header's length, the header
 * as JSON, and the bytes. The tag needs a key that neither a guest nor a bundle ever meets.
 */
export function encodePrepared({ component }: PreparedBundle, name: string, key: Uint8Array): Uint8Array[] {
  const source = Buffer.from(component?.source ?? "");
  const header: Header =
    component === undefined
      ? {}
      : {
          component: {
            sourceBytes: source.byteLength,
            imports: component.imports,
            exports: component.exports,
            modules: component.modules.map(({ bytes, ...facts }) => ({
              ...facts,
              byteLength: bytes.byteLength,
            })),
          },
        };
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(text.byteLength);
  const parts = [length, text, source, ...(component?.modules.map(({ bytes }) => bytes) ?? [])];
  return [tagOf(parts, name, key), ...parts];
}

/** Nothing when the file is not what was written under this name with this key. */
export function decodePrepared(
  file: Uint8Array<ArrayBuffer>,
  name: string,
  key: Uint8Array,
): PreparedBundle | undefined {
  if (file.byteLength < TAG_BYTES + LENGTH_BYTES) return undefined;
  const content = new Uint8Array(file.buffer, file.byteOffset + TAG_BYTES, file.byteLength - TAG_BYTES);
  if (!timingSafeEqual(tagOf([content], name, key), file.subarray(0, TAG_BYTES))) return undefined;
  const view = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  let at = LENGTH_BYTES + view.readUInt32LE();
  // Our own words, as the tag has just shown.
  const { component } = JSON.parse(view.toString("utf8", LENGTH_BYTES, at)) as Header;
  if (component === undefined) return { component: undefined };
  const take = (length: number) => {
    at += length;
    return content.subarray(at - length, at);
  };
  const { sourceBytes, modules, ...names } = component;
  return {
    component: {
      ...names,
      source: Buffer.from(take(sourceBytes)).toString(),
      modules: modules.map(({ byteLength, ...facts }) => ({ ...facts, bytes: take(byteLength) })),
    },
  };
}

function tagOf(parts: readonly Uint8Array[], name: string, key: Uint8Array): Buffer {
  const tag = createHmac("sha256", key).update(`${name}\n`);
  for (const part of parts) tag.update(part);
  return tag.digest();
}
