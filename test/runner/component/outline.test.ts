import { parse } from "@bytecodealliance/jco";
import { describe, expect, it, vi } from "vitest";
import { outlineOf } from "../../../core/runner/component/outline.ts";
import { instantiate, load, request } from "./host.ts";

const LIFTED = `(func (export "handler") (result u32) (canon lift (core func $i "handler")))`;

async function answer(component: string): Promise<unknown> {
  return instantiate(await load(await parse(component))).handler(request("/"));
}

function answering(name: string, value: number): string {
  return `(core module ${name} (func (export "f") (result i32) (i32.const ${value})))`;
}

/** A handler of the sum of what two other core modules answer, the first of them a thousandfold. */
const SUM = `(core module $m
    (import "a" "f" (func $a (result i32))) (import "b" "f" (func $b (result i32)))
    (func (export "handler") (result i32) (i32.add (i32.mul (call $a) (i32.const 1000)) (call $b))))
  (core instance $a (instantiate $one)) (core instance $b (instantiate $other))
  (core instance $i (instantiate $m (with "a" (instance $a)) (with "b" (instance $b))))`;

describe("a component's outline", () => {
  it("leads back to each module, also of those that differ in their code alone", async () => {
    await expect(
      answer(`(component ${answering("$one", 7)} ${answering("$other", 9)} ${SUM} ${LIFTED})`),
    ).resolves.toBe(7_009);
  });

  it("leads back to modules of components within the component", async () => {
    await expect(
      answer(`(component
        (component $inner ${answering("$one", 3)} ${answering("$other", 4)} ${SUM} ${LIFTED})
        (instance $instance (instantiate $inner))
        (export "handler" (func $instance "handler")))`),
    ).resolves.toBe(3_004);
  });

  it("has no code, and nothing else is missing", async () => {
    const text = (body: string) => `(component (core module (func (result i32) ${body})))`;
    const many = await parse(text(`${"(drop (i32.const 1))".repeat(1_000)} (i32.const 2)`));
    const stub = await parse(text("unreachable"));
    expect(outlineOf(many).component).toEqual(outlineOf(stub).component);
  });

  it("keeps a module that only looks like one of its own", async () => {
    const { original } = outlineOf(await parse(`(component ${answering("$one", 1)})`));
    const other = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00);
    expect(original(other)).toBe(other);
  });

  it("is the component itself when that cannot be read to its end", async () => {
    const component = await parse(`(component ${answering("$one", 1)})`);
    for (let length = 9; length < component.length; length++) {
      const truncated = component.subarray(0, length);
      // Between two sections it can be.
      const outline = outlineOf(truncated).component;
      if (outline !== truncated) expect(() => outlineOf(outline)).not.toThrow();
    }
    expect(outlineOf(component.subarray(0, 12)).component).toHaveLength(12);
  });

  it("is made of components within components without running out of stack, and is the same once more", () => {
    // As long as an archive's deepest: each level costs a few bytes.
    const { component } = outlineOf(nested(3_000, []));
    expect(component.length).toBeGreaterThan(3_000 * HEADER.length);
    expect(outlineOf(component).component).toEqual(component);
  });

  it("is not written anew at each level of components within components", () => {
    const custom = [0, ...leb(100_002), 1, 0x61, ...new Array<number>(100_000).fill(0)];
    const component = nested(200, custom);
    const set = vi.spyOn(Uint8Array.prototype, "set");
    outlineOf(component);
    const written = set.mock.calls.reduce((bytes, [source]) => bytes + source.length, 0);
    set.mockRestore();
    expect(written).toBeLessThan(3 * component.length);
  });
});

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00];

/** Components within each other around the sections of the innermost. */
function nested(levels: number, sections: readonly number[]): Uint8Array {
  const heads: number[][] = [];
  let length = HEADER.length + sections.length;
  for (let level = 0; level < levels; level++) {
    heads.push([...HEADER, 4, ...leb(length)]);
    length += heads.at(-1)?.length ?? 0;
  }
  return Uint8Array.from([...heads.reverse().flat(), ...HEADER, ...sections]);
}

function leb(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}
