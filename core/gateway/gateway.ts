import type { Hono } from "hono";
import { type Header, NO_USAGE, type Usage } from "../contract/execute.ts";
import type { PolicyExplanation } from "../contract/policy-explanation.ts";
import { Admission, keyOf } from "./admission.ts";
import { type AnswerFacts, commonHeaders, errorAnswer } from "./answer.ts";
import type { GatewayCall, GatewayResult } from "./call.ts";
import { GatewayError } from "./errors.ts";
import { type ExplainedCall, explain } from "./explain.ts";
import { createGatewayApp } from "./http.ts";
import { CallJournal } from "./journal.ts";
import { KeyTurns } from "./key-turns.ts";
import type { GatewayPorts } from "./ports.ts";
import { requestIdOf } from "./request-id.ts";
import { type Admitted, admit, takeRate } from "./steps/admit.ts";
import { claimKey } from "./steps/claim-key.ts";
import { dispatch, executed } from "./steps/dispatch.ts";
import { identify } from "./steps/identify.ts";
import { receive } from "./steps/receive.ts";
import { type Route, resolveRoute } from "./steps/resolve.ts";
import { type ExtensionAnswer, respond } from "./steps/respond.ts";

/** On an answer that was kept under the call's idempotency key. */
const REPLAYED: Header = { name: "idempotent-replayed", value: "true" };

export interface Gateway {
  /** `/api/ext/:extensionId/*` and `/api/ext-proxy/:extensionId/*`: a thin wrapper around `call`. */
  readonly app: Hono;
  /**
   * The one door to an extension: every decision, the row, the execution. Answers refusals and failures too;
   * rejects only with the reason of the call's own signal.
   */
  call(request: GatewayCall): Promise<GatewayResult>;
  /** What every rule says of a call, without making, counting or recording it. */
  explain(request: ExplainedCall): PolicyExplanation;
}

export function createGateway(ports: GatewayPorts): Gateway {
  const admission = new Admission();
  const turns = new KeyTurns();
  const call = (request: GatewayCall) => runCall(ports, { admission, turns }, request);
  return {
    call,
    explain: (request) => explain(ports, admission, request),
    app: createGatewayApp(call, ports.ids, ports.previewOrigin),
  };
}

/** What calls of one gateway share. */
interface Shared {
  readonly admission: Admission;
  readonly turns: KeyTurns;
}

async function runCall(ports: GatewayPorts, shared: Shared, request: GatewayCall): Promise<GatewayResult> {
  const journal = new CallJournal({
    executionId: ports.ids.timeOrdered(),
    requestId: requestIdOf(request, ports.ids),
    request,
    executions: ports.executions,
    redact: ports.redact,
    logger: ports.logger,
  });
  const meter = { usage: NO_USAGE };
  const told = (result: GatewayResult): GatewayResult => {
    for (const observer of ports.observers ?? []) observer.answered(journal.install, result);
    return result;
  };
  try {
    return told(await answerOf(ports, shared, request, journal, meter));
  } catch (error) {
    if (isGivenUp(request, error)) {
      await journal.end("interrupted", { usage: meter.usage });
      throw error;
    }
    return told(await refusalOf(ports, error, journal, meter.usage));
  }
}

async function answerOf(
  ports: GatewayPorts,
  { admission, turns }: Shared,
  request: GatewayCall,
  journal: CallJournal,
  meter: { usage: Usage },
): Promise<GatewayResult> {
  const caller = identify(ports.callers, request, journal);
  const route = resolveRoute(ports, request, caller, journal);
  const body = await receive(admission, request, route, journal);
  const turn = await claimKey(ports, turns, request, route, body, journal);
  try {
    const tokens = takeRate(ports, admission, route, journal);
    if (turn.repeated !== undefined) return await answered(journal, turn.repeated, [REPLAYED], meter);
    const admitted = await admit(ports, admission, request, route, journal, tokens);
    const inFlight = admission.slots.running(keyOf({ scope: "install", id: route.install.install_id }));
    // The slot is for the execution: writing its end keeps nobody waiting.
    const answer = await execute(
      ports,
      request,
      { ...route, ...admitted, inFlight },
      body,
      journal,
      meter,
    ).finally(() => admitted.release());
    turn.keep(answer);
    return await answered(journal, answer, [], meter);
  } finally {
    turn.end();
  }
}

async function answered(
  journal: CallJournal,
  answer: ExtensionAnswer,
  added: readonly Header[],
  { usage }: { readonly usage: Usage },
): Promise<GatewayResult> {
  const headers = [...answer.headers, ...added, ...commonHeaders(answerFacts(journal))];
  await journal.end("succeeded", { status: answer.status, usage });
  return { ...answer, headers, ...outcomeOf(journal, usage) };
}

function isGivenUp({ signal, hangUp }: GatewayCall, error: unknown): boolean {
  return [signal, hangUp].some((given) => given?.aborted === true && error === given.reason);
}

function answerFacts(journal: CallJournal): AnswerFacts {
  const { requestId, rate, install } = journal;
  return { requestId, rate, isUnsigned: install?.signed === false };
}

/** A call that holds its slot. */
type AdmittedRoute = Route & Admitted & { readonly inFlight: number };

/** Dispatch and what must be known afterwards whether it went well or not: the usage. */
async function execute(
  ports: GatewayPorts,
  request: GatewayCall,
  route: AdmittedRoute,
  body: Uint8Array,
  journal: CallJournal,
  meter: { usage: Usage },
) {
  await journal.begin();
  const startedAt = ports.clock.now();
  ports.usage.began(route.install, route.inFlight);
  let isAnswered = false;
  try {
    const response = await dispatch(ports, request, route, body, journal);
    meter.usage = response.usage;
    executed(ports, route, response, journal);
    const answer = respond(route, response, journal);
    isAnswered = true;
    return answer;
  } finally {
    charge(ports, route, startedAt, meter, !isAnswered);
  }
}

/** Charged to the windows against which its quota was judged. */
function charge(
  ports: GatewayPorts,
  { install, inFlight, at }: AdmittedRoute,
  startedAt: Date,
  meter: { usage: Usage },
  failed: boolean,
): void {
  if (meter.usage === NO_USAGE) {
    const elapsed = ports.clock.now().getTime() - startedAt.getTime();
    meter.usage = { ...NO_USAGE, duration_ms: Math.max(0, elapsed) };
  }
  try {
    ports.usage.record({ install, at, usage: meter.usage, failed, inFlight });
  } catch (error) {
    // The call has happened: a full disk must not turn its answer into another one.
    ports.logger.error({ install_id: install.install_id, err: error }, "usage could not be recorded");
  }
}

async function refusalOf(
  ports: GatewayPorts,
  thrown: unknown,
  journal: CallJournal,
  usage: Usage,
): Promise<GatewayResult> {
  let error: GatewayError;
  if (thrown instanceof GatewayError) {
    error = thrown;
  } else {
    error = GatewayError.internal("Something inside the workbench failed.", thrown);
    journal.note(error.denial);
  }
  if (error.code === "internal") {
    ports.logger.error({ request_id: journal.requestId, err: thrown }, "a call failed inside the workbench");
  }
  const answer = errorAnswer(error, answerFacts(journal));
  if (answer.status === 429 && !journal.isBegun) countRefusal(ports, journal);
  await journal.end(journal.isBegun || error.code === "internal" ? "failed" : "refused", {
    status: answer.status,
    code: error.code,
    usage,
  });
  return { ...answer, ...outcomeOf(journal, usage) };
}

function countRefusal({ usage, clock, logger }: GatewayPorts, { install }: CallJournal): void {
  if (install === undefined) return;
  try {
    usage.refused(install, clock.now());
  } catch (error) {
    logger.error({ install_id: install.install_id, err: error }, "a refusal could not be counted");
  }
}

function outcomeOf(
  journal: CallJournal,
  usage: Usage,
): Pick<GatewayResult, "request_id" | "execution_id" | "usage" | "trace"> {
  return {
    request_id: journal.requestId,
    ...(journal.isRecorded ? { execution_id: journal.executionId } : {}),
    usage,
    trace: journal.trace,
  };
}
