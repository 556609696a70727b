/**
 * `wasi:filesystem` as an empty world: no preopened folder, so no descriptor can ever exist. The type is linked
 * because the engines' runtimes import it; its methods are never reached.
 */
class Descriptor {
  readViaStream = unreachable;
  writeViaStream = unreachable;
  appendViaStream = unreachable;
  getFlags = unreachable;
  getType = unreachable;
  stat = unreachable;
}

class DirectoryEntryStream {
  readDirectoryEntry = unreachable;
}

function unreachable(): never {
  throw new Error("wasi:filesystem: there are no files");
}

export function filesystemInterfaces() {
  return {
    preopens: { getDirectories: () => [] },
    types: { Descriptor, DirectoryEntryStream, filesystemErrorCode: () => undefined },
  };
}
