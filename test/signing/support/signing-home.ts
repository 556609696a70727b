import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { TrustSnapshot } from "../../../core/contract/trust.ts";
import { createFileKeyBox } from "../../../core/platform/file-key-box.ts";
import { randomIds } from "../../../core/platform/ids.ts";
import {
  createKeystore,
  createTrustStore,
  type Keystore,
  type TrustStore,
} from "../../../core/signing/index.ts";
import { type Database, openDatabase } from "../../../core/store/database.ts";
import { tempFolder } from "../../support/temp.ts";

/** A key store and a trust list of their own, in a real database with a real box, and a clock that can be set. */
export interface SigningHome {
  readonly folder: string;
  readonly database: Database;
  readonly keystore: Keystore;
  readonly trust: TrustStore;
  readonly clock: { time: Date };
}

export const NOW = new Date("2026-06-15T12:00:00.000Z");

export function signingHome(environmentBundlePem?: string): SigningHome {
  const folder = tempFolder();
  const database = openDatabase(join(folder, "workbench.sqlite"));
  onTestFinished(() => void database.close());
  const clock = { time: NOW };
  const ports = { database, clock: { now: () => clock.time }, ids: randomIds };
  return {
    folder,
    database,
    clock,
    keystore: createKeystore({ ...ports, box: createFileKeyBox(join(folder, "box.key")) }),
    trust: createTrustStore({ ...ports, environmentBundlePem }),
  };
}

/** Trust in these PEM texts for every tenant, revoking nothing. */
export function trusting(...pems: string[]): TrustSnapshot {
  return {
    anchors: pems.map((pem, index) => ({
      id: `anchor-${index}`,
      kind: pem.includes("PUBLIC KEY") ? "public_key" : "certificate",
      pem,
      source: "own",
      tenants: null,
    })),
    revocations: [],
  };
}
