import type { RpcInput, RpcOutput, RpcProcedure } from "../../../core/contract/rpc.ts";
import type { RpcClient } from "../../../renderer/client.ts";
import { ClientError } from "../../../renderer/state/failure.ts";
import type { LocalFile } from "../../../renderer/state/keys/upload.ts";

type Answers = {
  [Name in RpcProcedure]?: (input: RpcInput<Name>) => RpcOutput<Name> | Promise<RpcOutput<Name>>;
};

/** The host, as far as a test asks it; the transport itself is tested elsewhere. */
export function clientOf(answers: Answers): Pick<RpcClient, "call"> {
  return {
    async call(name, input, signal) {
      signal?.throwIfAborted();
      const answer = answers[name];
      if (answer === undefined) throw new Error(`the test answers no ${name}`);
      return answer(input);
    },
  };
}

export function refusal(code: string): ClientError {
  return new ClientError({ kind: "refused", code, message: code });
}

export function fileOf(name: string, content: string | Uint8Array): LocalFile {
  const blob = new Blob([typeof content === "string" ? content : new Uint8Array(content)]);
  return {
    name,
    size: blob.size,
    slice: (start, end) => blob.slice(start, end),
    text: () => blob.text(),
  };
}
