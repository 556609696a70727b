import { parentPort, workerData } from "node:worker_threads";
import { componentWit } from "@bytecodealliance/jco";

// Decodes one untrusted component and ends. What it cannot decode ends it too: as an error, never as an answer.
parentPort?.postMessage(await componentWit(workerData));
