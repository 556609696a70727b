import "reflect-metadata";
import type { webcrypto } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import * as x509 from "@peculiar/x509";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEgressBudget } from "../../../core/runner/egress/egress-budget.ts";
import { createEgressGuard } from "../../../core/runner/egress/egress-guard.ts";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;
const NAME = "api.example";

const before = getCACertificates("default");
const servers: Server[] = [];
let authority: { keys: webcrypto.CryptoKeyPair; certificate: x509.X509Certificate };

beforeAll(async () => {
  authority = await createAuthority("CN=Test authority");
  setDefaultCACertificates([...before, authority.certificate.toString("pem")]);
});
afterAll(() => {
  setDefaultCACertificates(before);
  for (const server of servers) server.close();
});

async function createAuthority(name: string) {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [new x509.BasicConstraintsExtension(true, undefined, true)],
  });
  return { keys, certificate };
}

/** A server with a certificate for a name, by the trusted authority unless another is given. */
async function serve({
  name = NAME,
  by = authority,
  notAfter = new Date(Date.now() + DAY_MS),
} = {}): Promise<number> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ["sign", "verify"]);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: by.certificate.subject,
    notBefore: new Date(Date.now() - 2 * DAY_MS),
    notAfter,
    publicKey: keys.publicKey,
    signingKey: by.keys.privateKey,
    signingAlgorithm: ALGORITHM,
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: "dns", value: name }])],
  });
  const key = x509.PemConverter.encode(
    await crypto.subtle.exportKey("pkcs8", keys.privateKey),
    "PRIVATE KEY",
  );
  const server = createServer({ key, cert: certificate.toString("pem") }, (request, response) => {
    response.end(`${request.headers.host} over TLS`);
  });
  server.on("tlsClientError", () => undefined); // refused certificates are what is tested
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port; // it listens on a port
}

function fetchFrom(url: string, onBytes: (count: number) => void = () => undefined) {
  return createEgressGuard(async () => ["127.0.0.1"]).fetch(
    { method: "GET", url, headers: [] },
    {
      allowlist: [new URL(url).host],
      signal: AbortSignal.timeout(20_000),
      budget: createEgressBudget(),
      onBytes,
    },
  );
}

describe("https through the egress guard", () => {
  it("reaches a server whose certificate is the name's, at the address that was judged, and counts its bytes", async () => {
    const port = await serve();
    const counted = Promise.withResolvers<number>();
    const { status, body } = await fetchFrom(`https://${NAME}:${port}/`, counted.resolve);
    expect([status, new TextDecoder().decode(body)]).toEqual([200, `${NAME}:${port} over TLS`]);
    expect(await counted.promise).toBeGreaterThan(100);
  });

  it.each([
    ["another name's", async () => serve({ name: "other.example" }), "ERR_TLS_CERT_ALTNAME_INVALID"],
    ["out of date", async () => serve({ notAfter: new Date(Date.now() - DAY_MS) }), "CERT_HAS_EXPIRED"],
    [
      "of an authority that nobody trusts",
      async () => serve({ by: await createAuthority("CN=Another authority") }),
      "UNABLE_TO_",
    ],
  ])("refuses a certificate that is %s", async (_what, start, reason) => {
    const port = await start();
    await expect(fetchFrom(`https://${NAME}:${port}/`)).rejects.toMatchObject({
      code: "transport",
      message: expect.stringContaining(reason),
    });
  });

  it("refuses a certificate for a name where an address was asked for, and speaks no plain HTTP there", async () => {
    const port = await serve();
    await expect(fetchFrom(`https://127.0.0.1:${port}/`)).rejects.toMatchObject({ code: "transport" });
    await expect(fetchFrom(`http://${NAME}:${port}/`)).rejects.toMatchObject({ code: "transport" });
  });
});
