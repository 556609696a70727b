import { describe, expect, it } from "vitest";
import { queryRows, withQueryRows } from "../../../renderer/state/requests/query-rows.ts";

describe("the query as rows", () => {
  it("shows names and values decoded, and what cannot be decoded as it stands", () => {
    expect(queryRows("/items?a=b%20c&flag&x=1=2&bad=%zz")).toEqual([
      { name: "a", value: "b c" },
      { name: "flag", value: "" },
      { name: "x", value: "1=2" },
      { name: "bad", value: "%zz" },
    ]);
    expect(queryRows("/items")).toEqual([]);
  });

  it("writes rows back into the path, with the braces of variables left alone", () => {
    const rows = [
      { name: "a", value: "b&c=d" },
      { name: "", value: "" },
      { name: "who", value: "{{user id}} x" },
    ];
    expect(withQueryRows("/items?old=1", rows)).toBe("/items?a=b%26c%3Dd&who={{user id}}%20x");
    expect(withQueryRows("/items?old=1", [])).toBe("/items");
  });
});
