import { PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import { MAX_KEY_FILE_BYTES } from "../../../core/contract/rpc/keys.ts";
import { importCommand } from "../../state/keys/command-lines.ts";
import { base64OfFile } from "../../state/keys/upload.ts";
import { formatBytes } from "../../ui/format.ts";
import { DropZone } from "./drop-zone.tsx";
import { Form } from "./form.tsx";
import { useKeys } from "./keys-context.ts";
import { useAction } from "./use-action.ts";

const PASSPHRASE_CODES = ["passphrase_required", "wrong_passphrase"];

interface ImportInput {
  readonly file: File;
  readonly passphrase: string;
  readonly subject: string;
}

/** Takes in a key file. The passphrase goes to the host with the file and is kept nowhere. */
export function ImportForm({ initial, onDone }: { readonly initial?: File; readonly onDone: () => void }) {
  const { client, state } = useKeys();
  const [file, setFile] = useState(initial);
  const [passphrase, setPassphrase] = useState("");
  const [subject, setSubject] = useState("");
  const [importing, importKey] = useAction(async (input: ImportInput, signal) =>
    client.call(
      "keys.import",
      {
        file_b64: await base64OfFile(input.file),
        ...(input.passphrase === "" ? {} : { passphrase: input.passphrase }),
        ...(input.subject === "" ? {} : { subject: input.subject }),
      },
      signal,
    ),
  );
  const isTooLarge = file !== undefined && file.size > MAX_KEY_FILE_BYTES;
  const asksPassphrase = PASSPHRASE_CODES.includes(importing.failure?.code ?? "");
  const submit = async (): Promise<void> => {
    if (file === undefined) return;
    const imported = await importKey.run({ file, passphrase, subject: subject.trim() });
    if (imported === undefined) return;
    setPassphrase("");
    await state.refresh();
    state.side.set({ kind: "key", id: imported.key.id });
  };
  return (
    <Form
      label="Import a key"
      submit="Import key"
      state={importing}
      command={importCommand(file?.name ?? "acme.p12", {
        passphrase: passphrase !== "" || asksPassphrase,
        subject: subject.trim(),
      })}
      isReady={file !== undefined && !isTooLarge}
      onSubmit={() => void submit()}
      onCancel={importing.running ? importKey.cancel : onDone}
    >
      <DropZone
        label={file ? file.name : "Drop a key file, or choose one"}
        onFiles={([chosen]) => {
          setFile(chosen);
          importKey.reset();
        }}
      >
        {file ? formatBytes(file.size) : "PEM, PKCS#8 (also encrypted) or PKCS#12 (.p12, .pfx)"}
      </DropZone>
      {isTooLarge && (
        <p role="alert" className="field-problem">
          ✕ This is larger than a key file may be, {formatBytes(MAX_KEY_FILE_BYTES)}.
        </p>
      )}
      <PasswordInput
        label="Passphrase of the file"
        description="Empty for a file that is not encrypted"
        value={passphrase}
        onChange={({ currentTarget }) => setPassphrase(currentTarget.value)}
        autoComplete="off"
        error={
          importing.failure?.code === "wrong_passphrase" ? "This is not the file's passphrase" : undefined
        }
      />
      <TextInput
        label="Subject, when the file brings no certificate"
        description="Makes a self-signed certificate; empty: the key awaits one"
        placeholder="CN=Acme Release, O=Acme"
        value={subject}
        onChange={({ currentTarget }) => setSubject(currentTarget.value)}
        spellCheck={false}
        autoComplete="off"
      />
    </Form>
  );
}
