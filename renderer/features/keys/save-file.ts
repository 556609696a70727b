import { z } from "zod";
import type { Download } from "../../../core/contract/rpc/keys.ts";

/** Hands a file to the browser, which asks or puts it among the downloads. */
export function saveFile({ file_name, media_type, content_b64 }: Download): void {
  saveBlob(file_name, new Blob([z.util.base64ToUint8Array(content_b64)], { type: media_type }));
}

export function saveText(fileName: string, text: string): void {
  saveBlob(fileName, new Blob([text], { type: "text/plain" }));
}

function saveBlob(fileName: string, blob: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(link.href);
}
