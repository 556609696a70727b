import { Buffer } from "node:buffer";
import type { Header } from "../../../contract/execute.ts";
import { MAX_HOST_CALL_BYTES } from "../../limits.ts";
import { heldBytes } from "./held-bytes.ts";
import { Fields } from "./http-fields.ts";
import { type MonotonicClock, Pollable } from "./poll.ts";
import { InputStream, OutputStream } from "./streams.ts";

/*
 * Messages of `wasi:http/types`. A guest makes and holds them; nothing leaves before `outgoing-handler.handle`, and
 * what a response brings is here as a whole. The classes know no execution, because an instance outlives one.
 */

/** What is always ready needs no clock to say so. */
const NO_TIME: MonotonicClock = { now: () => 0n };

interface Tagged {
  readonly tag: string;
  readonly val?: string;
}

/** A request as the egress guard takes it. */
export interface WasiRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly Header[];
  readonly body: Uint8Array | undefined;
}

export interface WasiResponse {
  readonly status: number;
  readonly headers: readonly Header[];
  readonly body?: Uint8Array | undefined;
}

export class OutgoingBody {
  readonly #chunks: Uint8Array[] = [];
  #bytes = 0;
  #isFinished = false;
  #isTaken = false;

  write(): OutputStream {
    if (this.#isTaken) throw refused("the body's stream was taken before");
    this.#isTaken = true;
    return new OutputStream(NO_TIME, (chunk) => {
      this.#bytes += chunk.byteLength;
      if (this.#bytes > MAX_HOST_CALL_BYTES)
        throw Object.assign(new Error("the body is too large"), { payload: { tag: "closed" } });
      heldBytes.take(chunk.byteLength);
      this.#chunks.push(chunk.slice());
    });
  }

  /** Trailers are dropped, as browsers drop them. */
  static finish(body: OutgoingBody): void {
    body.#isFinished = true;
  }

  get isFinished(): boolean {
    return this.#isFinished;
  }

  bytes(): Uint8Array {
    return new Uint8Array(Buffer.concat(this.#chunks));
  }
}

export class OutgoingRequest {
  readonly #headers: Fields;
  #method: Tagged = { tag: "get" };
  #scheme: Tagged | undefined;
  #authority: string | undefined;
  #path: string | undefined;
  #body: OutgoingBody | undefined;

  constructor(headers: Fields) {
    this.#headers = headers.clone();
  }

  body(): OutgoingBody {
    if (this.#body !== undefined) throw refused("the body was taken before");
    this.#body = new OutgoingBody();
    return this.#body;
  }

  method(): Tagged {
    return this.#method;
  }

  setMethod(method: Tagged): void {
    this.#method = method;
  }

  pathWithQuery(): string | undefined {
    return this.#path;
  }

  setPathWithQuery(path: string | undefined): void {
    this.#path = path;
  }

  scheme(): Tagged | undefined {
    return this.#scheme;
  }

  setScheme(scheme: Tagged | undefined): void {
    this.#scheme = scheme;
  }

  authority(): string | undefined {
    return this.#authority;
  }

  setAuthority(authority: string | undefined): void {
    this.#authority = authority;
  }

  headers(): Fields {
    return this.#headers.clone();
  }

  /** False while its body is still being written. */
  get isComplete(): boolean {
    return this.#body?.isFinished ?? true;
  }

  toRequest(): WasiRequest {
    return {
      method: (this.#method.val ?? this.#method.tag).toUpperCase(),
      url: `${this.#scheme?.val ?? this.#scheme?.tag.toLowerCase() ?? "https"}://${this.#authority ?? ""}${this.#path ?? "/"}`,
      headers: this.#headers.headers(),
      body: this.#body?.bytes(),
    };
  }
}

export class IncomingBody {
  #bytes: Uint8Array | undefined;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  stream(): InputStream {
    if (this.#bytes === undefined) throw refused("the body's stream was taken before");
    const stream = new InputStream(NO_TIME, this.#bytes);
    this.#bytes = undefined;
    return stream;
  }

  static finish(): FutureTrailers {
    return new FutureTrailers();
  }
}

/** There are none: the host reads no trailers. */
export class FutureTrailers {
  subscribe(): Pollable {
    return new Pollable(NO_TIME, 0n);
  }

  get() {
    return { tag: "ok", val: { tag: "ok", val: undefined } };
  }
}

export class IncomingResponse {
  readonly #response: WasiResponse;
  #isConsumed = false;

  constructor(response: WasiResponse) {
    this.#response = response;
  }

  status(): number {
    return this.#response.status;
  }

  headers(): Fields {
    return Fields.fromHeaders(this.#response.headers);
  }

  consume(): IncomingBody {
    if (this.#isConsumed) throw refused("the response was consumed before");
    this.#isConsumed = true;
    return new IncomingBody(this.#response.body ?? new Uint8Array());
  }
}

/** Timeouts are the execution's deadline; a guest's own are taken and make no difference. */
export class RequestOptions {
  connectTimeout(): undefined {}
  setConnectTimeout(): void {}
  firstByteTimeout(): undefined {}
  setFirstByteTimeout(): void {}
  betweenBytesTimeout(): undefined {}
  setBetweenBytesTimeout(): void {}
}

/** A resource's `result<_, _>` without a value on the side of the error. */
function refused(message: string): Error {
  return Object.assign(new Error(message), { payload: undefined });
}
