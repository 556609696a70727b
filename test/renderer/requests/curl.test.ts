import { describe, expect, it } from "vitest";
import type { PreparedRequest } from "../../../renderer/state/request-draft.ts";
import { curlOf, parseCurl } from "../../../renderer/state/requests/curl.ts";

function draftOf(command: string) {
  const result = parseCurl(command);
  if (!result.ok) throw new Error(result.problem);
  return result.draft;
}

describe("reading a curl command", () => {
  it("takes method, path, query, headers and body from what a browser copies", () => {
    const command = [
      "curl 'http://127.0.0.1:4100/api/ext/com.acme.hello/items?a=b%20c&d' \\",
      "  -X 'POST' \\",
      "  -H 'Content-Type: application/json' \\",
      `  -H "x-quoted: \\"q\\"" \\`,
      `  --data-raw $'{"a":"it\\'s"}' --compressed -sS`,
    ].join("\n");
    expect(draftOf(command)).toEqual({
      method: "POST",
      path: "/items?a=b%20c&d",
      params: {},
      headers: [
        { name: "Content-Type", value: "application/json", enabled: true },
        { name: "x-quoted", value: '"q"', enabled: true },
      ],
      body: `{"a":"it's"}`,
    });
  });

  it.each([
    ["curl http://x/y -d a=1 -d b=2", "POST", "/y", "a=1&b=2"],
    ["curl -G http://x/y --data-urlencode 'q=a b'", "GET", "/y?q=a%20b", ""],
    ["curl -XDELETE x.test/y/7", "DELETE", "/y/7", ""],
    ["curl --request=PUT --url http://x --data '{}'", "PUT", "/", "{}"],
    [`curl --json '{"a":1}' http://x/{{path}}`, "POST", "/{{path}}", '{"a":1}'],
  ])("reads %s", (command, method, path, body) => {
    expect(draftOf(command)).toMatchObject({ method, path, body });
  });

  it("says what it left out, and never puts a credential of curl's own into the request", () => {
    const result = parseCurl("curl -u me:password -F a=b --max-time 3 -d @secret.json http://x/");
    expect(result).toMatchObject({
      ok: true,
      notes: [
        "-u was left out: an extension does not get it.",
        "-F was left out: an extension does not get it.",
        "--max-time was passed over.",
        "The body is in a file, which was not read.",
      ],
    });
    expect(JSON.stringify(result)).not.toContain("password");
  });

  it.each([
    ["wget http://x", "This is not a curl command."],
    ["", "This is not a curl command."],
    ["curl -s", "The command names no address."],
    ["curl http://x -H", "The option -H lacks its value."],
    ["curl -X TRACE http://x", "An extension answers GET, POST, PUT, PATCH, DELETE, not TRACE."],
  ])("refuses %j in words", (command, problem) => {
    expect(parseCurl(command)).toEqual({ ok: false, problem });
  });

  it("takes nothing from another command on the same line", () => {
    expect(draftOf("curl http://x/y; rm -rf / -d body")).toMatchObject({ path: "/y", body: "" });
  });

  it("reads back what it writes", () => {
    const request: PreparedRequest = {
      method: "POST",
      path: "/items?q=it's&r=$HOME",
      headers: [{ name: "x-ext-a", value: "b 'c' \"d\"" }],
      body: "{\n  \"a\": 'b'\n}",
    };
    const command = curlOf("http://127.0.0.1:4100", "com.acme.hello", request);
    expect(command).toContain("$WORKBENCH_API_KEY");
    expect(draftOf(command)).toMatchObject({
      method: request.method,
      path: request.path,
      headers: expect.arrayContaining([{ ...request.headers[0], enabled: true }]),
      body: request.body,
    });
  });
});
