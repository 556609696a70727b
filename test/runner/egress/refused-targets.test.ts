import { expect, it } from "vitest";
import { MAX_REFUSED_TARGETS_A_CALL, refusedEgressSchema } from "../../../core/contract/egress-refusal.ts";
import { createRefusedTargets } from "../../../core/runner/egress/refused-targets.ts";

const none = () => new Map<string, string>();

it("names host and port as the guard sees them, and counts a target once for each rule", () => {
  const refused = createRefusedTargets(none);
  for (const url of ["https://EXAMPLE.com./a?q", "https://example.com:443/b"]) refused.note(url, "host");
  refused.note("http://2130706433:8080/", "address");
  refused.note("http://[::1]/", "host");
  refused.note("file:///etc/passwd", "scheme");
  refused.note("no url", "url");
  refused.note("https://example.com:0/", "port");
  expect(refused.all).toEqual([
    { host: "example.com", port: 443, rule: "host", count: 2 },
    { host: "127.0.0.1", port: 8080, rule: "address", count: 1 },
    { host: "::1", port: 80, rule: "host", count: 1 },
    { host: "", port: 0, rule: "scheme", count: 1 },
    { host: "", port: 0, rule: "url", count: 1 },
    { host: "example.com", port: 0, rule: "port", count: 1 },
  ]);
});

it("is bounded in targets and in the length of each, whatever is asked for", () => {
  const refused = createRefusedTargets(none);
  for (let call = 0; call < 3 * MAX_REFUSED_TARGETS_A_CALL; call++)
    refused.note(`http://${call}.${"x".repeat(5_000)}.test/`, "host");
  refused.note(`http://${"ü\u202e".repeat(50)}.test/`, "host");
  expect(refused.all).toHaveLength(MAX_REFUSED_TARGETS_A_CALL);
  for (const target of refused.all) expect(refusedEgressSchema.safeParse(target).success).toBe(true);
});

it("does not say a host that was made of a secret, also when it lost its capitals", () => {
  const refused = createRefusedTargets(() => new Map([["token", "TopSecret/42"]]));
  refused.note("https://topsecret%2F42.evil.test/", "host");
  refused.note("https://TopSecret\t%2F42@evil.test/", "credentials");
  refused.note("https://api.telegram.test/botTopSecret%2F42/send", "host");
  const plain = createRefusedTargets(() => new Map([["token", "TopSecret42"]]));
  plain.note("https://TopSecret42.evil.test/", "host");
  expect([...refused.all, ...plain.all].map(({ host }) => host)).toEqual([
    "(a secret)",
    "(a secret)",
    "api.telegram.test",
    "(a secret)",
  ]);
});

it("names hosts also when the secrets cannot be had", () => {
  const refused = createRefusedTargets(() => {
    throw new Error("expired");
  });
  refused.note("http://example.com/", "host");
  expect(refused.all).toMatchObject([{ host: "example.com", port: 80 }]);
});
