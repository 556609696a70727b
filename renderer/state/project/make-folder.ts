import type { RpcClient } from "../../client.ts";

/** A folder of the open project, which may be there. @param path relative to the project */
export async function makeFolder(client: Pick<RpcClient, "call">, path: string): Promise<void> {
  const { entries } = await client.call("project.tree", {});
  if (entries.some((entry) => entry.path === path)) return;
  await client.call("project.make", { path, kind: "folder" });
}
