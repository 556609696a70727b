import { createHash } from "node:crypto";
import { type Deadline, startDeadline } from "../../platform/deadline.ts";
import {
  headerValues,
  IDEMPOTENCY_LADDER,
  type IdempotencyFacts,
  idempotencyKey,
  QUEUED_PER_SLOT,
} from "../../policy/index.ts";
import type { GatewayCall } from "../call.ts";
import type { CallJournal } from "../journal.ts";
import type { ClaimOutcome, KeyClaim } from "../kept-answers.ts";
import type { KeyTurns } from "../key-turns.ts";
import type { GatewayPorts } from "../ports.ts";
import { PREPARATION_ALLOWANCE_MS } from "./dispatch.ts";
import type { Route } from "./resolve.ts";
import type { ExtensionAnswer } from "./respond.ts";

/** Longer than a call of this host can take, so that only a dead host's key is taken over. */
const LEASE_MARGIN_MS = 30_000;

/** What a call's idempotency key means for it. */
export interface KeyTurn {
  /** The answer to repeat; `undefined`: this call is the one that is executed. */
  readonly repeated: ExtensionAnswer | undefined;
  /** Keeps the answer for those that follow. */
  keep(answer: ExtensionAnswer): void;
  /** To be called at the end, whatever it was: without an answer kept, the next call of the key is executed. */
  end(): void;
}

type KeyPorts = Pick<GatewayPorts, "keptAnswers" | "deadline" | "logger">;

const WITHOUT_KEY: KeyTurn = { repeated: undefined, keep: () => undefined, end: () => undefined };

/**
 * One key, one caller, one install, one request: one execution. A second call waits for the first, as long as itself it
 * may take, and is executed when the first came to no answer of the extension.
 * @throws GatewayError `idempotency_conflict`, `idempotency_in_progress`; the abort reason when the caller went
 */
export async function claimKey(
  ports: KeyPorts,
  turns: KeyTurns,
  request: GatewayCall,
  route: Route,
  body: Uint8Array,
  journal: CallJournal,
): Promise<KeyTurn> {
  const key = idempotencyKey(request.method, request.headers ?? [], route.caller);
  if (key === undefined) return WITHOUT_KEY;
  const { install, limits } = route;
  const claim: KeyClaim = {
    keyDigest: digestOf([route.caller.tenant.id, route.caller.user.user_id, install.install_id, key]),
    requestDigest: requestDigest(request, route, body),
    installId: install.install_id,
    executionId: journal.executionId,
    leaseMs:
      limits.timeout_ms.value + limits.queue_wait_ms.value + PREPARATION_ALLOWANCE_MS + LEASE_MARGIN_MS,
  };
  const name = Buffer.from(claim.keyDigest).toString("base64");
  let wake = () => {};
  const outcome = await settled(ports, turns, request, route, claim, name, (end) => {
    wake = end;
  });
  journal.ask(IDEMPOTENCY_LADDER, { known: factsOf(outcome) });
  if (outcome.state === "answered") return { ...WITHOUT_KEY, repeated: outcome.answer };
  let isKept = false;
  return {
    repeated: undefined,
    keep: (answer) => {
      try {
        ports.keptAnswers.keep(claim, answer);
        isKept = true;
      } catch (error) {
        // The call has happened: a full disk must not turn its answer into another one. The claim stays, as long as
        // its lease, so that nothing is executed a second time at once.
        isKept = true;
        ports.logger.error({ install_id: install.install_id, err: error }, "an answer could not be kept");
      }
    },
    end: () => {
      try {
        if (!isKept) ports.keptAnswers.release(claim);
      } catch (error) {
        ports.logger.error({ install_id: install.install_id, err: error }, "a key could not be released");
      } finally {
        wake();
      }
    },
  };
}

/** Claims, and waits for the claim of another call of this process as long as it may. */
async function settled(
  ports: KeyPorts,
  turns: KeyTurns,
  { signal, hangUp, depth = 0 }: GatewayCall,
  { install, limits }: Route,
  claim: KeyClaim,
  name: string,
  begun: (end: () => void) => void,
): Promise<ClaimOutcome> {
  let deadline: Deadline | undefined;
  const gone = [signal, hangUp].filter((given) => given !== undefined);
  try {
    for (;;) {
      const outcome = ports.keptAnswers.claim(claim);
      // In the same turn of the event loop: whoever finds the claim must find whom to wait for.
      if (outcome.state === "new") begun(turns.begin(name));
      if (outcome.state !== "running") return outcome;
      const end = turns.endOf(name);
      // A call from inside an execution could wait for the very one that waits for it; another host wakes nobody here.
      const mayWait =
        depth === 0 && turns.waiting(install.install_id) < limits.concurrency.value * QUEUED_PER_SLOT;
      if (end === undefined || !mayWait) return outcome;
      deadline ??= (ports.deadline ?? startDeadline)(limits.timeout_ms.value);
      if ((await turns.wait(end, install.install_id, [deadline.signal, ...gone])) === "gone") {
        for (const given of gone) given.throwIfAborted();
        return outcome;
      }
    }
  } finally {
    deadline?.end();
  }
}

function factsOf(outcome: ClaimOutcome): IdempotencyFacts["known"] {
  return outcome.state === "running" ? { state: "in_progress" } : outcome;
}

/** What must be the same for a request to be the same: not the headers, which a retry may send otherwise. */
function requestDigest(request: GatewayCall, { target }: Route, body: Uint8Array): Uint8Array {
  const type = headerValues(request.headers ?? [], "content-type")[0] ?? "";
  return digestOf([request.method, target.path, target.query, type], body);
}

function digestOf(parts: readonly string[], body: Uint8Array = new Uint8Array()): Uint8Array {
  return createHash("sha256")
    .update(`${JSON.stringify(parts)}\n`)
    .update(body)
    .digest();
}
